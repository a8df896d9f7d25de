import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { stateEntry } from '../../../core/manual/page.ts'
import { pagesOf } from '../../../core/manual/pages.ts'
import { args, flag, text, texts } from '../../../core/module/args.ts'
import { planOf, state } from '../../../core/module/state.ts'
import { modules } from '../../../modules/catalog.ts'

t.test('docs/reference is what the code says', async (t) => {
  const hint = "'butler-call docs --to docs/reference' writes it anew"
  const pages = pagesOf(modules)
  t.strictSame(readdirSync('docs/reference').sort(), Object.keys(pages).sort(), hint)
  for (const [name, page] of Object.entries(pages)) {
    t.ok(readFileSync(`docs/reference/${name}`, 'utf8') === page, `${name}: ${hint}`)
  }
})

t.test('an entry tells what a state is for, takes and reports', async (t) => {
  const wall = state({
    summary: 'Paints a wall.',
    args: () =>
      args({
        name: text('Which wall.'),
        colors: texts('What to paint it with: red | green.'),
        twice: flag('Two coats.').default(false),
      }),
    reports: { color: 'The old and the new one.' },
    example: `
      north:
        wall.painted:
          - colors: [red]
    `,
    plan: () => planOf([], ''),
  })
  t.equal(
    stateEntry('wall.painted', wall),
    `### wall.painted

Paints a wall.

\`\`\`yaml
north:
  wall.painted:
    - colors: [red]
\`\`\`

| Argument | Written as | Default | Meaning |
| --- | --- | --- | --- |
| \`name\` | text | the id | Which wall. |
| \`colors\` | text, or a list of texts | must be given | What to paint it with: red \\| green. |
| \`twice\` | true or false | \`false\` | Two coats. |

In its changes:

- \`color\`: The old and the new one.`,
  )
})
