import type { Guard, Guards } from '../compile/low.ts'
import { isMap } from '../data.ts'
import { UserError } from '../errors.ts'
import type { Catalog } from '../module/module.ts'
import type { View } from '../module/view.ts'
import { Pending } from './foreseen.ts'
import type { SkippedBy } from './result.ts'

export interface Guarded {
  /** The guard that says that the chunk need not run. */
  by?: SkippedBy
  comment: string
  why: string[]
}

/** Asks `onlyif`, then `unless`, then `creates`; the first that says so skips the chunk. */
export async function guarded(guards: Guards, view: View, catalog: Catalog): Promise<Guarded> {
  const why: string[] = []
  const allTrue = async (name: string, asked: readonly Guard[]): Promise<boolean> => {
    for (const guard of asked) {
      const answer = await ask(guard, view, catalog)
      why.push(`${name} ${answer.said}`)
      if (!answer.isTrue) return false
    }
    return true
  }
  const { onlyif, unless, creates } = guards
  if (onlyif !== undefined && !(await allTrue('onlyif', onlyif))) {
    return { by: 'onlyif', comment: 'onlyif condition is false', why }
  }
  if (unless !== undefined && unless.length > 0 && (await allTrue('unless', unless))) {
    return { by: 'unless', comment: 'unless condition is true', why }
  }
  if (creates !== undefined && creates.length > 0) {
    const missing = await firstMissing(creates, view)
    why.push(missing === undefined ? `creates: ${creates.join(', ')} exists` : `creates: ${missing} does not exist`)
    if (missing === undefined) return { by: 'creates', comment: `${creates.join(', ')} exists`, why }
  }
  return { comment: '', why }
}

async function ask(guard: Guard, view: View, catalog: Catalog): Promise<{ isTrue: boolean; said: string }> {
  if ('command' in guard) {
    const { exitCode } = await view.shell(guard.command)
    return { isTrue: exitCode === 0, said: `\`${guard.command}\` ended with ${exitCode}` }
  }
  const fn = catalog.functions.get(guard.function)
  if (fn === undefined || fn.changes !== false) {
    throw new UserError('bad-guard', `A guard can't ask ${guard.function}: it is no function that only looks.`)
  }
  const answer = await fn.run(view, guard.args)
  const key = guard.get_return
  const value = key === undefined ? answer : isMap(answer) ? (answer[key] ?? null) : null
  const said = `${guard.function} answered ${JSON.stringify(value)}`
  return { isTrue: isTruthy(value), said: said.length > 200 ? `${said.slice(0, 200)}…` : said }
}

/** As Salt takes it: empty texts, lists and maps are false. */
function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isMap(value) ? Object.keys(value).length > 0 : Boolean(value)
}

async function firstMissing(paths: readonly string[], view: View): Promise<string | undefined> {
  for (const path of paths) if (!(await exists(path, view))) return path
  return undefined
}

/** What a pending change makes counts as there: the real run would find it. */
async function exists(path: string, view: View): Promise<boolean> {
  try {
    return (await view.stat(path)) !== undefined
  } catch (thrown) {
    if (thrown instanceof Pending) return true
    throw thrown
  }
}
