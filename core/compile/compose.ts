import { UserError } from '../errors.ts'
import type { YamlNode } from '../text/yaml/node.ts'
import { suggest } from '../text/nearest.ts'
import type { Argument, Declaration, Exclusion, Extension, StateFile } from './high.ts'
import type { Problems } from './problems.ts'
import { COMBINED } from './words.ts'

/** Where errors go; those that say that something is nowhere in the run go apart. */
export interface Collected {
  problems: Problems
  absent: Problems
}

/** Makes one list of declarations of all state files: ids are unique, extends are laid over, excludes taken out. */
export function compose(files: readonly StateFile[], { problems, absent }: Collected): readonly Declaration[] {
  const all = files.flatMap((file) => file.declarations)
  checkIds(all, problems)
  const extended = files
    .flatMap((file) => file.extensions)
    .reduce<readonly Declaration[]>((done, extension) => extend(done, extension, absent), all)
  const exclusions = files.flatMap((file) => file.exclusions)
  return exclusions.length === 0 ? extended : exclude(extended, exclusions, files, absent)
}

function checkIds(declarations: readonly Declaration[], problems: Problems): void {
  const owners = new Map<string, Declaration>()
  for (const declaration of declarations) {
    const owner = owners.get(declaration.id) ?? declaration
    owners.set(declaration.id, owner)
    if (owner.sls === declaration.sls) continue
    problems.add(
      new UserError(
        'duplicate-id',
        `The id '${declaration.id}' stands in '${owner.sls}' and again in '${declaration.sls}'.`,
        {
          hint: `Give one of them another id and its name as \`name\`; the first is at ${owner.at.file}:${owner.at.line ?? 1}.`,
          at: declaration.at,
        },
      ),
    )
  }
}

function extend(
  declarations: readonly Declaration[],
  extension: Extension,
  problems: Problems,
): readonly Declaration[] {
  const byId = declarations.filter(({ id }) => id === extension.id)
  const found =
    byId.length > 0 ? byId : declarations.filter((one) => one.module === extension.module && isNamed(one, extension.id))
  const targets = found.filter(({ module }) => module === extension.module)
  if (targets.length > 0) return declarations.map((one) => (targets.includes(one) ? extended(one, extension) : one))
  const { id, module, fun } = extension
  if (found.length > 0 && fun !== undefined) return [...declarations, { ...extension, fun }]
  const ids = new Set(declarations.map((one) => one.id))
  const message =
    found.length === 0
      ? `The extend names the id '${id}', which is nowhere in this run.`
      : `The id '${id}' has no '${module}' to extend.`
  const hint = suggest(id, ids) ?? 'Include the state file that declares it.'
  problems.add(
    new UserError('extend-unknown', message, { hint: found.length === 0 ? hint : undefined, at: extension.at }),
  )
  return declarations
}

function extended(declaration: Declaration, { fun, args }: Extension): Declaration {
  const replaced = new Set(args.map(({ name }) => name).filter((name) => !COMBINED.has(name)))
  const kept = declaration.args.filter(({ name }) => !replaced.has(name))
  return { ...declaration, fun: fun ?? declaration.fun, args: [...kept, ...args] }
}

function exclude(
  declarations: readonly Declaration[],
  exclusions: readonly Exclusion[],
  files: readonly StateFile[],
  problems: Problems,
): readonly Declaration[] {
  const ids = new Set(declarations.map(({ id }) => id))
  const known = { id: ids, sls: new Set(files.map(({ sls }) => sls)) }
  for (const { what, name, at } of exclusions.filter((one) => !known[one.what].has(one.name))) {
    const thing = what === 'id' ? 'id' : 'state file'
    problems.add(
      new UserError('exclude-unknown', `The exclude names the ${thing} '${name}', which is nowhere in this run.`, {
        hint: suggest(name, known[what]),
        at,
      }),
    )
  }
  const out = (what: Exclusion['what'], name: string): boolean =>
    exclusions.some((one) => one.what === what && one.name === name)
  return declarations.filter(({ id, sls }) => !out('id', id) && !out('sls', sls))
}

/** True when a declaration is known by this name, by `name` or among its `names`. */
export function isNamed({ args }: Declaration, name: string): boolean {
  return args.some((argument) => {
    if (argument.name === 'name') return textOf(argument.value) === name
    return argument.name === 'names' && namesIn(argument).includes(name)
  })
}

function namesIn({ value }: Argument): string[] {
  if (value.kind !== 'list') return []
  return value.items.map((item) => (item.kind === 'map' ? (item.entries[0]?.key ?? '') : textOf(item)))
}

function textOf(node: YamlNode): string {
  return node.kind === 'scalar' ? String(node.value) : ''
}
