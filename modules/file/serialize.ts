import { inKeyOrder, isMap, type Data } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { anything, args, type ArgsOf, flag, mode, oneOf, path, text } from '../../core/module/args.ts'
import { lookup } from '../../core/module/lookup.ts'
import { readText } from '../../core/module/read_text.ts'
import { state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { ATTRIBUTE_REPORTS } from './attributes.ts'
import { madeBy } from './made.ts'
import { managedPlan } from './managed.ts'
import { PARENT_REPORTS } from './parents.ts'
import { DIFF_REPORTS } from './write.ts'

const FORMATS = ['json', 'yaml'] as const

const wanted = () =>
  args({
    name: path('Where the file lies.'),
    dataset: anything('The data that the file is to hold.').optional(),
    dataset_pillar: text('The pillar key whose value it is, such as `grafana:settings`.').optional(),
    serializer: oneOf(FORMATS, 'How it is written.').optional(),
    formatter: oneOf(FORMATS, 'Another word for `serializer`.').optional(),
    merge_if_exists: flag('Keeps what the file holds besides; maps are merged, all else is replaced.').default(false),
    user: text('Who owns it.').optional(),
    group: text('The group that owns it.').optional(),
    mode: mode('Its permissions, in octal.').optional(),
    makedirs: flag('Makes the folders above it.').default(false),
    dir_mode: mode('The permissions of folders that are made.').optional(),
    create: flag('Whether the file is made when it is missing.').default(true),
    backup: text('Keeps the old content beside the file: an ending such as `.bak`, or `minion` for that.').optional(),
    show_changes: flag('Whether the difference is shown in the result.').default(true),
  })

type Want = ArgsOf<typeof wanted>

export const serialize = state({
  summary: 'The file holds this data, as JSON or YAML, its keys in order.',
  args: wanted,
  reports: { ...DIFF_REPORTS, ...ATTRIBUTE_REPORTS, ...PARENT_REPORTS, removed: 'What lay at its place.' },
  example: `
    /etc/docker/daemon.json:
      file.serialize:
        - serializer: json
        - dataset:
            log-driver: journald
            storage-driver: overlay2
        - merge_if_exists: true
  `,
  makes: (want) => madeBy(want.name),
  async *plan(view, want) {
    const format = await formatOf(want)
    const data = datasetOf(view, want)
    const has = want.merge_if_exists ? await dataIn(view, want.name, format) : undefined
    const wholly = has === undefined ? data : merged(has, data)
    // What is merged to the same data stays as it was written.
    const asItIs = has !== undefined && isSame(has, wholly)
    const { name, user, group, mode, makedirs, dir_mode, create, backup, show_changes } = want
    const contents = asItIs ? undefined : format.write(inKeyOrder(wholly))
    const file = { name, contents, user, group, mode, makedirs, dir_mode, create, backup, show_changes }
    return yield* managedPlan(view, file)
  },
})

function datasetOf(view: View, { dataset, dataset_pillar: pillar }: Want): Data {
  if ((dataset === undefined) === (pillar === undefined)) {
    throw new UserError('no-dataset', `Either \`dataset\` or \`dataset_pillar\` says what the file holds.`, {
      hint: 'Give one of them, and only one.',
    })
  }
  const data = pillar === undefined ? dataset : lookup(view.pillar, pillar, ':')
  if (data === undefined) throw new UserError('no-dataset', `dataset_pillar: there is no '${pillar}' in the pillar.`)
  return data
}

interface Format {
  name: string
  read(text: string): Data
  write(data: Data): string
}

async function formatOf({ serializer, formatter }: Want): Promise<Format> {
  if ((serializer ?? formatter) === 'json') {
    return {
      name: 'JSON',
      read: (text) => JSON.parse(text) as Data,
      write: (data) => `${JSON.stringify(data, null, 2)}\n`,
    }
  }
  const { parseYaml, printYaml } = await import('../../core/text/yaml/plain.ts')
  return { name: 'YAML', read: parseYaml, write: printYaml }
}

async function dataIn(view: View, name: string, format: Format): Promise<Data | undefined> {
  const text = await readText(view, name)
  if (text === undefined || text.trim() === '') return undefined
  try {
    return format.read(text)
  } catch (cause) {
    throw new UserError('not-mergeable', `${name} holds no ${format.name} that could be merged with.`, {
      hint: 'Mend the file, move it away, or leave out `merge_if_exists` to replace it.',
      cause,
    })
  }
}

function merged(old: Data, data: Data): Data {
  if (!isMap(old) || !isMap(data)) return data
  const keys = [...new Set([...Object.keys(old), ...Object.keys(data)])]
  return Object.fromEntries(
    keys.map((key) => {
      const [was, now] = [old[key], data[key]]
      if (now === undefined) return [key, was ?? null]
      return [key, was === undefined ? now : merged(was, now)]
    }),
  )
}

function isSame(one: Data, other: Data): boolean {
  return JSON.stringify(inKeyOrder(one)) === JSON.stringify(inKeyOrder(other))
}
