import { z } from 'zod'
import { UserError, UserErrors } from '../../core/errors.ts'
import { nearest } from '../../core/text/nearest.ts'
import { parseYaml } from '../../core/text/yaml.ts'
import { parseAddress, type Settings } from './config.ts'
import { checkId } from '../../core/protocol/id.ts'

const schema = z.strictObject({
  id: z.string().optional(),
  master: z.string().optional(),
  ca_fingerprint: z.string().optional(),
  confine: z.string().startsWith('/', 'must be an absolute path').optional(),
  grains: z.record(z.string(), z.json()).optional(),
})

/** Reads the text of `minion.yaml`; throws all that is wrong with it, each with its place. */
export function parseSettings(text: string, file: string): Settings {
  const parsed = parseYaml(text, file)
  const read = schema.safeParse(parsed.value ?? {})
  if (!read.success) {
    throw new UserErrors(
      read.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => unknownKey(key, parsed.placeOf([key])))
          : [
              wrongValue(
                issue.path,
                issue.message,
                parsed.placeOf(issue.path.filter((part) => typeof part !== 'symbol')),
              ),
            ],
      ),
    )
  }
  const settings: Settings = read.data
  if (settings.id !== undefined) checkId(settings.id)
  if (settings.master !== undefined) parseAddress(settings.master)
  return settings
}

function unknownKey(key: string, at: ReturnType<ReturnType<typeof parseYaml>['placeOf']>): UserError {
  const known = Object.keys(schema.shape)
  const near = nearest(key, known)
  const hint = near === undefined ? `There is: ${known.join(', ')}.` : `Did you mean '${near}'?`
  return new UserError('unknown-setting', `'${key}' is no setting of a minion.`, { hint, at })
}

function wrongValue(path: readonly PropertyKey[], message: string, at: ReturnType<typeof unknownKey>['at']): UserError {
  const name = path.map(String).join('.')
  const wrong = name === '' ? "A minion's settings are a map" : `'${name}' is wrong`
  return new UserError('bad-setting', `${wrong}: ${message}.`, { at })
}
