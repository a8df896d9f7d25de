import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, integer, path, text, textMap } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ended, readEditable, requireEditable } from './edit.ts'
import { writeChange, DIFF_REPORTS } from './write.ts'

const wanted = () =>
  args({
    name: path('Where the file lies.'),
    key: text('The key.').optional(),
    value: text('The value that it is to have.').optional(),
    key_values: textMap('Several keys and their values, in place of `key` and `value`.').optional(),
    separator: text('What stands between key and value.').default('='),
    uncomment: text('What a commented line begins with, such as `#`: a key in one is put to use.').optional(),
    append_if_not_found: flag('Adds keys that are missing at the end.').default(false),
    prepend_if_not_found: flag('Adds keys that are missing at the beginning.').default(false),
    key_ignore_case: flag('Whether upper and lower case are the same in keys.').default(false),
    value_ignore_case: flag('Whether upper and lower case are the same in values.').default(false),
    count: integer('How many lines may hold the same key and be changed; -1 for all.').default(1),
    create_if_missing: flag('Makes the file, with all keys, when there is none.').default(false),
    ignore_if_missing: flag('Succeeds when there is no such file.').default(false),
    show_changes: flag('Whether the difference is shown in the result.').default(true),
  })

type Want = ArgsOf<typeof wanted>

export const keyvalue = state({
  summary: 'Lines of keys and values in the file have these values.',
  args: wanted,
  reports: DIFF_REPORTS,
  ignores: { search_only: 'a plan looks without changing anything' },
  example: `
    /etc/postgresql/15/main/postgresql.conf:
      file.keyvalue:
        - key_values:
            listen_addresses: "'*'"
            max_connections: 500
        - separator: ' = '
        - uncomment: '#'
        - append_if_not_found: true
  `,
  makes: () => [],
  async *plan(view, want) {
    if (want.ignore_if_missing && (await readEditable(view, want.name)) === undefined) {
      return yield* planOf([], `File ${want.name} is not there`)
    }
    const values = valuesOf(want)
    const isNew = want.create_if_missing && (await readEditable(view, want.name)) === undefined
    const { at, bytes, text } = isNew
      ? { at: want.name, bytes: undefined, text: '' }
      : await requireEditable(view, want.name)
    const newer = withValues(text, values, isNew ? { ...want, append_if_not_found: true } : want)
    const content = new TextEncoder().encode(newer.text)
    const comment = `Changed ${newer.changed} lines`
    const writing = writeChange({ path: at, content, has: bytes, showChanges: want.show_changes, comment })
    return yield* planOf(newer.text === text ? [] : [writing], 'All keys have their values')
  },
})

function valuesOf(want: Want): Record<string, string> {
  if (want.key_values !== undefined) return want.key_values
  if (want.key !== undefined && want.value !== undefined) return { [want.key]: want.value }
  throw new UserError('no-key', 'There is no key to set.', { hint: 'Give `key` and `value`, or `key_values`.' })
}

type How = Pick<
  Want,
  | 'separator'
  | 'uncomment'
  | 'append_if_not_found'
  | 'prepend_if_not_found'
  | 'key_ignore_case'
  | 'value_ignore_case'
  | 'count'
>

/** The text with the values set, and how many lines are new or other than before. */
export function withValues(text: string, values: Record<string, string>, how: How): { text: string; changed: number } {
  let lines = text.split('\n')
  let changed = 0
  const missing: string[] = []
  for (const [key, value] of Object.entries(values)) {
    let left = how.count < 0 ? Number.POSITIVE_INFINITY : how.count
    let found = false
    lines = lines.map((line) => {
      const parts = left > 0 ? partsOf(line, key, how) : undefined
      if (parts === undefined) return line
      left--
      found = true
      if (!parts.commented && same(parts.value, value, how.value_ignore_case)) return line
      changed++
      return parts.before + value
    })
    if (!found) missing.push(`${key}${how.separator}${value}`)
  }
  const adds = how.append_if_not_found || how.prepend_if_not_found
  if (!adds || missing.length === 0) return { text: lines.join('\n'), changed }
  const block = missing.map((line) => `${line}\n`).join('')
  const rest = lines.join('\n')
  return {
    text: how.append_if_not_found ? ended(rest) + block : block + rest,
    changed: changed + missing.length,
  }
}

/** A line of this key: all up to its value (a comment sign taken off), and the value. */
function partsOf(
  line: string,
  key: string,
  how: How,
): { before: string; value: string; commented: boolean } | undefined {
  const commented = how.uncomment !== undefined && line.trimStart().startsWith(how.uncomment)
  const plain = commented ? uncommented(line, how.uncomment ?? '') : line
  const separator = how.separator.trim() === '' ? how.separator : how.separator.trim()
  const at = plain.indexOf(separator, plain.search(/\S|$/u))
  if (at === -1 || !same(plain.slice(0, at).trim(), key, how.key_ignore_case)) return undefined
  const space = /^\s*/u.exec(plain.slice(at + separator.length))?.[0] ?? ''
  const before = plain.slice(0, at) + separator + space
  return { before, value: plain.slice(before.length).trimEnd(), commented }
}

function uncommented(line: string, sign: string): string {
  const trimmed = line.trimStart()
  return line.slice(0, line.length - trimmed.length) + trimmed.slice(sign.length).trimStart()
}

function same(one: string, other: string, ignoreCase: boolean): boolean {
  return ignoreCase ? one.toLowerCase() === other.toLowerCase() : one === other
}
