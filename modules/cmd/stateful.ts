import { isMap, type DataMap } from '../../core/data.ts'
import { ChangeFailed, type Done } from '../../core/module/change.ts'

/**
 * Reads the last line of a stateful command: `changed=yes comment='all done' result=true`, or the same as JSON. A
 * command that says nothing of the kind has failed.
 */
export function statefulDone(stdout: string, changes: DataMap): Done {
  const last = stdout.trim().split('\n').at(-1)?.trim() ?? ''
  const said = fromJson(last) ?? fromWords(last)
  const { changed, comment = '', result, ...more } = said
  if (changed === undefined) {
    throw new ChangeFailed('The command is stateful, but its last line does not say `changed=yes` or `changed=no`.', {
      changes,
    })
  }
  if (result !== undefined && !isYes(result))
    throw new ChangeFailed(comment || 'The command says it failed.', { changes })
  return isYes(changed) ? { changes: { ...changes, ...more }, comment } : { unchanged: true, comment }
}

function fromJson(line: string): Record<string, string> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const data: unknown = JSON.parse(line)
    if (!isMap(data)) return undefined
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, textOf(value)]))
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `key=value key='some words'`, as a shell would split it. */
function fromWords(line: string): Record<string, string> {
  const words = line.matchAll(/(?<key>[\w-]+)=(?:'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<plain>\S*))/gu)
  return Object.fromEntries(
    [...words].map(({ groups = {} }) => [
      groups['key'] ?? '',
      groups['single'] ?? groups['double'] ?? groups['plain'] ?? '',
    ]),
  )
}

function isYes(word: string): boolean {
  return ['yes', 'true', '1', 'on'].includes(word.toLowerCase())
}
