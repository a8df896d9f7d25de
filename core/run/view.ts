import type { DataMap } from '../data.ts'
import type { Made } from '../module/change.ts'
import type { View } from '../module/view.ts'
import type { Facts } from './facts.ts'
import { type Foreseen, Pending } from './foreseen.ts'

interface Beneath {
  facts: Facts
  foreseen: Foreseen
  /** The machine as it is, for facts: no chunk's user or environment, nothing foreseen. */
  plain: View
  /** Told of each grain that is read, since it may be what decides. */
  readGrain(name: string): void
}

/**
 * The machine as a plan sees it: only what a `View` has, whatever the machine itself can do. What an earlier pending
 * change would make ends the planning as `Pending` where it is looked for and not there yet.
 */
export function planningView(machine: View, beneath: Beneath): View {
  const { facts, foreseen } = beneath
  return {
    grains: watchedGrains(machine.grains, (name) => beneath.readGrain(name)),
    pillar: machine.pillar,
    read: (name) => {
      // content that is about to be replaced says nothing
      waitFor(foreseen.makersOf(path(name)))
      return machine.read(name)
    },
    stat: async (name) => {
      const found = await machine.stat(name)
      if (found === undefined) waitFor(foreseen.makersOf(path(name)))
      return found
    },
    list: async (name) => {
      const makers = foreseen.makersOf(path(name))
      if (makers.length > 0 && (await machine.stat(name)) === undefined) waitFor(makers)
      return machine.list(name)
    },
    fetch: async (source) => {
      if (source.startsWith('/')) waitFor(foreseen.makersOf(path(source)))
      return machine.fetch(source)
    },
    tree: (source) => machine.tree(source),
    ca: () => machine.ca(),
    fact: (fact) => facts.get(fact, beneath.plain),
    query: (argv, options) => machine.query(argv, options),
    shell: (command, options) => machine.shell(command, options),
    missing: (made) => waitFor(foreseen.possibleMakersOf(made)),
  }
}

function watchedGrains(grains: DataMap, readGrain: (name: string) => void): DataMap {
  return new Proxy(grains, {
    get: (target, name) => {
      if (typeof name === 'string') readGrain(name)
      return typeof name === 'string' ? target[name] : undefined
    },
  })
}

function path(name: string): Made {
  return { kind: 'path', name }
}

function waitFor(makers: readonly string[]): void {
  if (makers.length > 0) throw new Pending(makers)
}
