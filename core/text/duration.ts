import { UserError } from '../errors.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90`, `90s`, `2m`, `1h30m`, `7d` in milliseconds; a bare number is seconds. */
export function parseDuration(text: string): number {
  const trimmed = text.trim()
  if (/^\d+(\.\d+)?$/u.test(trimmed)) return Number(trimmed) * 1000
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/gu)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== trimmed) {
    throw new UserError('bad-duration', `'${text}' is no duration.`, { hint: 'Write it as 90s, 2m, 1h30m or 7d.' })
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0)
}

/** `350 ms`, `12.3 s`, `2 m 5 s`, `3 h 20 m`, `4 d 2 h`: two units at most. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 3600) return two(seconds, 60, 'm', 1, 's')
  if (seconds < 86_400) return two(seconds, 3600, 'h', 60, 'm')
  return two(seconds, 86_400, 'd', 3600, 'h')
}

function two(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small)
  const main = `${Math.floor(seconds / large)} ${largeUnit}`
  return rest === 0 ? main : `${main} ${rest} ${smallUnit}`
}
