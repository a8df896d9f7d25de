import type { Data } from '../data.ts'
import { hasSecretMarker } from '../secret.ts'

/** A value as an error names it: short, and never a secret's name inside other text. */
export function shown(value: Data | undefined): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value)
  if (hasSecretMarker(json)) return 'a secret'
  const quoted = typeof value === 'string' ? `'${value.replaceAll('\n', '\\n')}'` : json
  return quoted.length > 80 ? `${quoted.slice(0, 77)}…` : quoted
}
