import { existsSync, readFileSync } from 'node:fs'
import type { Call } from '../../../core/cli/command.ts'
import { flagOption, textOption, textsOption } from '../../../core/cli/command.ts'
import { type Layout, layoutOf } from '../../../core/cli/layout.ts'
import { mergeData } from '../../../core/compile/merge.ts'
import type { Data, DataMap } from '../../../core/data.ts'
import { isMap } from '../../../core/data.ts'
import type { Remembered } from '../../../core/desired/create.ts'
import { UserError } from '../../../core/errors.ts'
import { parseYaml } from '../../../core/text/yaml.ts'
import { configFile, readConfig } from '../../config/config.ts'
import { collectGrains } from '../../grains/grains.ts'
import { rememberedBy } from './remembered.ts'

/** What a call without a master goes by. */
export interface Session {
  layout: Layout
  /** This minion's id: its grain. */
  id: string
  grains: DataMap
  /** `--pillar`: over all other pillar. */
  pillar: DataMap
  fileRoots: readonly string[]
  /** The only folder in which anything may be written, when this minion has one. */
  confine: string | undefined
  /** Where what was compiled is remembered from call to call; not when values were given with this one. */
  remembered: Remembered | undefined
}

/** Reads the options of a `--local` call; notes about grains go to stderr. */
export async function openSession(call: Call): Promise<Session> {
  const layout = layoutOf({ config: textOption(call, 'config'), root: textOption(call, 'root') })
  const found = await collectGrains(layout, (text) => call.io.note(`warning: ${text}`))
  const grains = merged(found, mapOption(call, 'grains'))
  const { id } = grains
  return {
    layout,
    id: typeof id === 'string' ? id : 'local',
    grains,
    pillar: mapOption(call, 'pillar'),
    fileRoots: textsOption(call, 'fileRoot'),
    confine: await confineOf(layout),
    remembered: remembers(call) ? rememberedBy(process.argv[1], layout) : undefined,
  }
}

/** What `--pillar` gives may be secret, and stays off the disk. */
function remembers(call: Call): boolean {
  return flagOption(call, 'cache') && textOption(call, 'pillar') === undefined
}

/** Most machines without a master have no configuration either, and reading it costs the YAML and schema libraries. */
async function confineOf(layout: Layout): Promise<string | undefined> {
  if (!existsSync(configFile(layout))) return undefined
  return (await readConfig(layout)).confine
}

/** Maps merge, lists and scalars of the later one win. */
export function merged(base: DataMap, over: DataMap): DataMap {
  const result = mergeData(base, over)
  if (!isMap(result)) throw new Error('Two maps merge to a map.')
  return result
}

/** JSON or YAML on the command line, or `@FILE` with it. */
export function mapOption(call: Call, name: 'pillar' | 'grains'): DataMap {
  const text = textOption(call, name)
  if (text === undefined) return {}
  const value = text.startsWith('@') ? fileValue(text.slice(1)) : parseYaml(text, `--${name}`).value
  if (isMap(value)) return value
  throw new UserError('bad-option', `--${name} is no map.`, {
    hint: `Write it as --${name} '{"key": "value"}', or --${name} @FILE.`,
  })
}

function fileValue(file: string): Data {
  try {
    return parseYaml(readFileSync(file, 'utf8'), file).value
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
    throw new UserError('no-such-file', `There is no file ${file}.`, { cause: thrown })
  }
}
