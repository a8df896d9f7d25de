import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { stateEntry, subjectPage } from '../../../core/manual/page.ts'
import { args, flag, text, texts } from '../../../core/module/args.ts'
import { planOf, state } from '../../../core/module/state.ts'
import { modules } from '../../../modules/catalog.ts'

t.test('docs/reference is what the code says', async (t) => {
  const hint = "'butler-call docs --to docs/reference' writes it anew"
  t.strictSame(
    readdirSync('docs/reference').sort(),
    Object.keys(modules)
      .map((subject) => `${subject}.md`)
      .sort(),
    hint,
  )
  for (const [subject, module] of Object.entries(modules)) {
    t.equal(readFileSync(`docs/reference/${subject}.md`, 'utf8'), subjectPage(subject, module), hint)
  }
})

t.test('an entry tells what a state is for, takes and reports', async (t) => {
  const wall = state({
    summary: 'Paints a wall.',
    args: args({
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

| Argument | Type | Default | Meaning |
| --- | --- | --- | --- |
| \`name\` | text | the id | Which wall. |
| \`colors\` | list of text | must be given | What to paint it with: red \\| green. |
| \`twice\` | boolean | \`false\` | Two coats. |

In its changes:

- \`color\`: The old and the new one.`,
  )
})
