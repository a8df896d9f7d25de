import { compose } from './compose.ts'
import { withLine, withLines } from './excerpt.ts'
import { expand } from './expand.ts'
import { SourceFiles } from './files.ts'
import { finishArgs } from './finish.ts'
import type { Compile, CompileInput } from './input.ts'
import { lint } from './lint/lint.ts'
import { load, mergeOrder } from './load.ts'
import { orderOf } from './order.ts'
import { partialsOf } from './partials.ts'
import { Problems } from './problems.ts'
import { link } from './requisites.ts'
import { sealChunks } from './seal.ts'
import type { Context } from './template.ts'
import { stateTree } from './tree.ts'
import { applyUse } from './use.ts'

/**
 * Source -> rendered -> high -> low -> requisites -> order. Pure: the same input gives the same low state or the same
 * errors. Throws `UserErrors` with every error that it can find.
 */
export const compile: Compile = (input) => withLines(input.snapshot, () => compiled(input))

const compiled: Compile = (input) => {
  const problems = new Problems()
  const context = { ...contextOf(input), partials: partialsOf(input.snapshot) }
  const tree = stateTree(input.snapshot, input.root ?? 'states')
  const files = new SourceFiles(input.snapshot, problems)

  const loaded = load(input.apply, { snapshot: input.snapshot, tree, context, problems })
  // What could not be read hides what the others refer to: then nobody is told that something is nowhere.
  const absent = problems.any ? new Problems() : problems
  const declarations = applyUse(compose(loaded.files, { problems, absent }), { problems, absent })
  const drafts = expand(declarations, input.catalog, problems)
  const args = drafts.map((draft) => finishArgs(draft, { catalog: input.catalog, files, context, problems }))
  const links = link(drafts, loaded, absent)
  lint(drafts, links, input.catalog, problems)
  const order = orderOf(drafts, links, mergeOrder(loaded), problems)
  problems.throwIfAny()

  const sealed = sealChunks(drafts, args, links, order)
  return {
    schema: 'butler.low/1',
    ...sealed,
    files: Object.fromEntries([...files.refs].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    warnings: problems.warnings.map((warning) => withLine(input.snapshot, warning).toJSON()),
    sls: loaded.files.map(({ sls }) => sls),
  }
}

function contextOf({ minion, mine }: CompileInput): Context {
  return { ...minion, mine }
}
