import { UserError } from '../errors.ts'
import type { Collected } from './compose.ts'
import { isNamed } from './compose.ts'
import type { Argument, Declaration } from './high.ts'
import type { Reference } from './reference.ts'
import { formatReference, readReferences } from './reference.ts'
import { COMBINED } from './words.ts'

const NEVER_COPIED: ReadonlySet<string> = new Set([...COMBINED, 'name', 'names', 'order'])

/**
 * Works off `use` and `use_in`: a declaration takes over the arguments of another that it doesn't have itself, never
 * its requisites or names. What the other one takes over in its turn doesn't come along.
 */
export function applyUse(declarations: readonly Declaration[], collected: Collected): readonly Declaration[] {
  const used = new Map<Declaration, Declaration[]>()
  for (const declaration of declarations) {
    for (const argument of declaration.args) {
      if (argument.name !== 'use' && argument.name !== 'use_in') continue
      for (const other of find(declarations, declaration, argument, collected)) {
        const [user, source] = argument.name === 'use' ? [declaration, other] : [other, declaration]
        used.set(user, [...(used.get(user) ?? []), source])
      }
    }
  }
  return declarations.map((declaration) => withArguments(declaration, used.get(declaration) ?? []))
}

function withArguments(declaration: Declaration, sources: readonly Declaration[]): Declaration {
  const own = declaration.args.filter(({ name }) => name !== 'use' && name !== 'use_in')
  const known = new Set(own.map(({ name }) => name))
  const copied = new Map<string, Argument>()
  for (const argument of sources.flatMap(({ args }) => args)) {
    if (!known.has(argument.name) && !NEVER_COPIED.has(argument.name)) copied.set(argument.name, argument)
  }
  return copied.size === 0 && own.length === declaration.args.length
    ? declaration
    : { ...declaration, args: [...own, ...copied.values()] }
}

function find(
  declarations: readonly Declaration[],
  from: Declaration,
  argument: Argument,
  { problems, absent }: Collected,
): readonly Declaration[] {
  const references = problems.attempt(() => readReferences(argument)) ?? []
  return references.flatMap((reference) => {
    const found = declarations.filter((one) => isMeant(one, reference))
    if (found.length === 0) {
      const message = `'${from.id}' has '${argument.name}' on ${formatReference(reference)}, which is nowhere in this run.`
      absent.add(new UserError('missing-requisite', message, { at: reference.at }))
    }
    return found
  })
}

function isMeant(declaration: Declaration, { module, ref }: Reference): boolean {
  return (
    (module === undefined || declaration.module === module) && (declaration.id === ref || isNamed(declaration, ref))
  )
}
