import type { Data } from '../../core/data.ts'

/** What an answer looks like in a line. */
export function brief(answer: Data | undefined): string {
  const text = JSON.stringify(answer ?? null)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}
