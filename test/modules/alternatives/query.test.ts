import t from 'tap'
import { parseQuery } from '../../../modules/alternatives/set.ts'

t.test('the first paragraph is of the name, the others are the choices', async (t) => {
  const said = [
    'Name: editor',
    'Link: /usr/bin/editor',
    'Slaves:',
    ' editor.1.gz /usr/share/man/man1/editor.1.gz',
    'Status: auto',
    'Best: /usr/bin/vim.basic',
    'Value: /bin/nano',
    '',
    'Alternative: /bin/nano',
    'Priority: 40',
    '',
    'Alternative: /usr/bin/vim.basic',
    'Priority: 30',
    '',
  ].join('\n')
  t.strictSame(parseQuery(said), { value: '/bin/nano', choices: ['/bin/nano', '/usr/bin/vim.basic'] })
  t.strictSame(parseQuery(''), { value: '', choices: [] })
})
