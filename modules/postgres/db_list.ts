import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { calledConnection, connecting } from './calling.ts'
import { ask } from './connection.ts'
import { databasesFact } from './databases.ts'

export const dbList = fn({
  summary: 'Answers the databases of the server, by name.',
  args: () => args(connecting),
  example: 'postgres.db_list',
  changes: false,
  async run(view, want) {
    const connection = calledConnection(want)
    const databases = await ask(view, connection, databasesFact(connection))
    return Object.fromEntries(
      [...databases.values()].map(({ name, owner, encoding, collate, ctype, tablespace }) => [
        name,
        { Owner: owner, Encoding: encoding, Collate: collate, Ctype: ctype, Tablespace: tablespace },
      ]),
    )
  },
})
