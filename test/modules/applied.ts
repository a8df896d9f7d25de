import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { compile } from '../../core/compile/compile.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { DataMap } from '../../core/data.ts'
import { run } from '../../core/run/run.ts'
import type { ChunkResult } from '../../core/run/result.ts'
import { Secret } from '../../core/secret.ts'
import { createMachine } from '../../minion/host/machine.ts'
import { catalog } from '../../modules/catalog.ts'

// State files applied to the machine that the test runs on, below a temporary folder: compiler, runner and host are the
// real ones.

/** An empty folder that goes when the test is over. */
export function folder(t: Test): string {
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'butler-modules-')))
  t.teardown(() => rmSync(made, { recursive: true, force: true }))
  return made
}

export interface Given {
  /** Files of the sources besides the state file, by path: `states/web/files/motd`. */
  files?: Readonly<Record<string, string | Uint8Array>>
  pillar?: DataMap
  grains?: DataMap
  secrets?: Readonly<Record<string, string>>
}

/** Applies one state file, really. */
export function apply(yaml: string, given: Given = {}): Promise<ChunkResult[]> {
  return applied(yaml, given, false)
}

/** Only plans it. */
export function plan(yaml: string, given: Given = {}): Promise<ChunkResult[]> {
  return applied(yaml, given, true)
}

async function applied(yaml: string, given: Given, test: boolean): Promise<ChunkResult[]> {
  const { pillar = {}, grains = {} } = given
  const snapshot = snapshotOf({ 'states/main.yaml': yaml, ...given.files })
  const minion = { id: 'test', grains: { id: 'test', ...grains }, roles: [], pillar }
  const low = compile({ snapshot, apply: ['main'], minion, mine: () => ({}), catalog })
  const byDigest = new Map(snapshot.paths.map((path) => [snapshot.ref(path)?.digest, snapshot.bytes(path)]))
  const files = {
    fetch: (digest: string) => Promise.resolve(byDigest.get(digest) ?? new Uint8Array()),
  }
  const machine = createMachine({ grains: minion.grains, pillar, refs: low.files, files })
  const secrets = new Map(Object.entries(given.secrets ?? {}).map(([name, text]) => [name, new Secret(text)]))
  const { signal } = new AbortController()
  const { results } = await run({ low, catalog, machine, secrets, test, emit: () => {}, signal })
  return results
}

/**
 * A plan that touches nothing, a run that changes something, a second one that changes nothing, and a plan after it
 * that is empty: what every state must hold to.
 */
export async function holds(t: Test, root: string, yaml: string, given: Given = {}): Promise<ChunkResult[]> {
  const before = tree(root)
  const planned = await plan(yaml, given)
  t.strictSame(tree(root), before, 'a plan touches nothing')
  t.ok(
    planned.every(({ result }) => result !== false),
    'the plan finds no obstacle',
    { planned },
  )
  t.ok(
    planned.some(({ result }) => result === null),
    'the plan says that something would change',
    { planned },
  )
  const first = await apply(yaml, given)
  t.ok(
    first.every(({ result }) => result === true),
    'the run succeeds',
    { first },
  )
  t.ok(
    first.some(({ changes }) => Object.keys(changes).length > 0),
    'the run says what it changed',
  )
  await unchanged(t, root, yaml, given)
  return first
}

/** A run and a plan that find everything in order. */
export async function unchanged(t: Test, root: string, yaml: string, given: Given = {}): Promise<void> {
  const before = tree(root)
  for (const results of [await apply(yaml, given), await plan(yaml, given)]) {
    t.ok(
      results.every(({ result, changes }) => result === true && Object.keys(changes).length === 0),
      'nothing is left to do',
      { results },
    )
  }
  t.strictSame(tree(root), before, 'nothing was touched')
}

/** All that lies below a folder: kind, mode, owner, content, and when it was changed. */
export function tree(root: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(root, name)
    const stat = lstatSync(path)
    const content = stat.isFile() ? readFileSync(path, 'base64') : stat.isSymbolicLink() ? readlinkSync(path) : ''
    found[name] = [stat.mode.toString(8), stat.uid, stat.gid, stat.ino, stat.mtimeMs, content].join(' ')
  }
  return found
}

export function textOf(path: string): string {
  return readFileSync(path, 'utf8')
}

export function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o7777).toString(8).padStart(4, '0')
}

function snapshotOf(files: Readonly<Record<string, string | Uint8Array>>): Snapshot {
  const bytes = (path: string): Uint8Array | undefined => {
    const content = files[path]
    return typeof content === 'string' ? new TextEncoder().encode(content) : content
  }
  return {
    id: 'memory',
    paths: Object.keys(files).toSorted(),
    text: (path) => {
      const content = bytes(path)
      return content && new TextDecoder().decode(content)
    },
    bytes,
    ref: (path) => {
      const content = bytes(path)
      return content && { digest: createHash('sha256').update(content).digest('hex'), size: content.length }
    },
    shown: (path) => path,
  }
}
