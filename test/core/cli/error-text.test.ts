import t from 'tap'
import { formatError } from '../../../core/cli/error-text.ts'

function shown(text: string, column: number): string {
  return formatError({ message: 'wrong', at: { file: 'a.yaml', line: 12, column, text } })
}

t.test('the line with a caret below the column', async (t) => {
  t.equal(
    formatError({ message: 'wrong', hint: 'Mend it.', at: { file: 'a.yaml', line: 3, column: 5, text: '  - x: y' } }),
    'error: wrong\n  at a.yaml:3:5\n  3 |   - x: y\n    |     ^\n  Mend it.',
  )
  t.equal(formatError({ message: 'odd', at: { file: 'a.yaml', line: 1 } }, 'warning'), 'warning: odd\n  at a.yaml:1')
  t.equal(formatError({ message: 'no place' }), 'error: no place')
})

t.test('tabs, wide characters, combining ones, and what would colour the screen', async (t) => {
  t.match(shown('\t- x: y', 4), '  12 | \t- x: y\n     | \t  ^')
  t.match(shown('名前: x', 5), '  12 | 名前: x\n     |       ^')
  t.match(shown('e\u0301: x', 4), '  12 | e\u0301: x\n     |   ^')
  t.match(shown('\u001B[31mred', 1), '  12 | ·[31mred\n     | ^')
})

t.test('a long line is cut around the column', async (t) => {
  const line = `${'a'.repeat(300)}X${'b'.repeat(300)}`
  const [, , above = '', caret = ''] = shown(line, 301).split('\n')
  t.equal(above[caret.indexOf('^')], 'X')
  t.ok(above.length < 120)
  t.match(above, /\| …a+Xb+…$/u)
})
