import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { calledConnection, connecting } from './calling.ts'
import { ask } from './connection.ts'
import { rolesFact } from './roles.ts'

export const userList = fn({
  summary: 'Answers the users of the server and what they may do, by name. No passwords.',
  args: () => args(connecting),
  example: 'postgres.user_list',
  changes: false,
  async run(view, want) {
    const connection = calledConnection(want)
    const { byName } = await ask(view, connection, rolesFact(connection))
    return Object.fromEntries(
      [...byName.values()].map(({ name, may, groups, validUntil }) => [
        name,
        { ...may, groups: [...groups], valid_until: validUntil ?? null },
      ]),
    )
  },
})
