import { createHash } from 'node:crypto'
import { partialsOf } from '../compile/partials.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import type { Data, DataMap } from '../data.ts'
import type { Subject } from './minion.ts'

/**
 * What making a low state asked its sources and its minion, each with a digest of the answer: while all of them stay the
 * same, so does the low state. Plain data, which a disk can keep.
 */
export interface Reads {
  /** By path: what was in the file, and how errors name it; also of those that were looked for and not there. */
  files: Record<string, string>
  /** Which files there are, when that was asked. */
  paths?: string
  roles: string
  /** By name. */
  grains: Record<string, string>
  /** Which grains there are, when that was asked. */
  grainNames?: string
  /** The questions to the mine, as target and alias. */
  mine: { target: string; alias: string; answer: string }[]
}

/** A snapshot and a minion that note what they are asked. */
export class Reading {
  readonly reads: Reads
  readonly snapshot: Snapshot
  readonly subject: Subject

  constructor(snapshot: Snapshot, subject: Subject) {
    const reads: Reads = { files: empty(), roles: rolesOf(subject), grains: empty(), mine: [] }
    this.reads = reads
    this.snapshot = notingSnapshot(snapshot, reads)
    const grains = notingGrains(subject.grains, reads)
    const { context } = subject
    const mine = (target: string, alias: string): Record<string, Data> => {
      const answer = context.mine(target, alias)
      const asked = reads.mine.some((one) => one.target === target && one.alias === alias)
      if (!asked) reads.mine.push({ target, alias, answer: digestOf(answer) })
      return answer
    }
    this.subject = {
      ...subject,
      grains,
      context: { ...context, grains, mine, partials: partialsOf(this.snapshot) },
    }
  }
}

/** Whether all that was read then would be read now. */
export function stillHold(reads: Reads, snapshot: Snapshot, subject: Subject): boolean {
  const { grains, context } = subject
  return (
    reads.roles === rolesOf(subject) &&
    Object.entries(reads.grains).every(([name, digest]) => digest === grainOf(grains, name)) &&
    (reads.grainNames === undefined || reads.grainNames === digestOf(Object.keys(grains))) &&
    (reads.paths === undefined || reads.paths === pathsOf(snapshot)) &&
    Object.entries(reads.files).every(([path, file]) => file === fileOf(snapshot, path)) &&
    reads.mine.every(({ target, alias, answer }) => answer === digestOf(context.mine(target, alias)))
  )
}

function notingSnapshot(snapshot: Snapshot, reads: Reads): Snapshot {
  const note = (path: string): void => {
    reads.files[path] ??= fileOf(snapshot, path)
  }
  return {
    id: snapshot.id,
    get paths() {
      reads.paths ??= pathsOf(snapshot)
      return snapshot.paths
    },
    text: (path) => {
      note(path)
      return snapshot.text(path)
    },
    bytes: (path) => {
      note(path)
      return snapshot.bytes(path)
    },
    ref: (path) => {
      note(path)
      return snapshot.ref(path)
    },
    shown: (path) => snapshot.shown(path),
  }
}

function notingGrains(grains: DataMap, reads: Reads): DataMap {
  const note = (name: string | symbol): void => {
    if (typeof name === 'string') reads.grains[name] ??= grainOf(grains, name)
  }
  return new Proxy(grains, {
    get: (of, name) => {
      note(name)
      return Reflect.get(of, name)
    },
    has: (of, name) => {
      note(name)
      return Reflect.has(of, name)
    },
    getOwnPropertyDescriptor: (of, name) => {
      note(name)
      return Reflect.getOwnPropertyDescriptor(of, name)
    },
    ownKeys: (of) => {
      reads.grainNames ??= digestOf(Object.keys(of))
      return Reflect.ownKeys(of)
    },
  })
}

/** Names come from outside: none of them is one that JavaScript knows already. */
function empty(): Record<string, string> {
  return Object.create(null) as Record<string, string>
}

function grainOf(grains: DataMap, name: string): string {
  return digestOf(Object.hasOwn(grains, name) ? grains[name] : undefined)
}

const listings = new WeakMap<Snapshot, string>()

/** Made once a snapshot: it never changes. */
function pathsOf(snapshot: Snapshot): string {
  const known = listings.get(snapshot) ?? digestOf([...snapshot.paths])
  listings.set(snapshot, known)
  return known
}

/** Places in a low state hold the file's shown name, so that another name makes another low state. */
function fileOf(snapshot: Snapshot, path: string): string {
  const ref = snapshot.ref(path)
  return ref === undefined ? 'not there' : `${ref.digest} ${snapshot.shown(path)}`
}

function rolesOf({ roles }: Subject): string {
  return digestOf([...roles])
}

function digestOf(answer: Data | undefined): string {
  return answer === undefined
    ? 'not there'
    : createHash('sha256').update(JSON.stringify(answer)).digest('hex').slice(0, 32)
}
