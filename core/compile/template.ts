import type { Data, DataMap } from '../data.ts'
import { UserError } from '../errors.ts'
import type { MappedText } from '../text/mapped.ts'
import { hasMark } from '../text/mapped.ts'
import { Problems } from './problems.ts'
import { Budget } from './template/budget.ts'
import type { Mine } from './template/builtins.ts'
import { Output, type Origin } from './template/output.ts'
import type { Template } from './template/parse.ts'
import type { Partials } from './template/partial.ts'
import { parseTemplate, writtenIn } from './template/parse.ts'
import { renderProgram } from './template/render.ts'
import { Scope } from './template/scope.ts'

/** What a template sees. */
export interface Context {
  id: string
  grains: DataMap
  pillar: DataMap
  roles: readonly string[]
  mine: Mine
  /** What `{{> name}}` takes in; without any there are none. */
  partials?: Partials
  /** More names, such as the `context` of a `file.managed`; they win over the ones above. */
  more?: DataMap
}

/** What a file is read with that is for no minion. */
export function contextOfNobody(id = ''): Context {
  return { id, grains: {}, pillar: {}, roles: [], mine: () => ({}) }
}

/** Braces that Handlebars would read (or drop, as a backslash before them), or Jinja's. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#')
}

/** Renders a template to plain text; secrets are markers in it. Throws `UserErrors` with every error in it. */
export function renderTemplate(text: string, file: string, context: Context): string {
  return isTemplate(text) ? render(text, file, context, false).output.text() : text
}

/**
 * Renders a template whose text is YAML: its values are marks that the YAML reader fills in, so that no value can break
 * out of the line it stands in, and every place leads back to the template. Throws `UserErrors`.
 */
export function renderYaml(text: string, file: string, context: Context): MappedText {
  const { output, origin } = render(text, file, context, true)
  return output.mapped(origin)
}

function render(text: string, file: string, context: Context, yaml: boolean): Rendered {
  if (hasMark(text))
    throw new UserError('reserved-characters', `${file} holds Butler's own marks for values.`, { at: { file } })
  return renderParsed(parseTemplate(text, file), { file, context, yaml })
}

interface Rendered {
  output: Output
  origin: Origin
}

interface Source {
  file: string
  context: Context
  yaml: boolean
}

const NO_PARTIALS: Partials = { find: () => undefined, names: () => [] }

function renderParsed(template: Template, { file, context, yaml }: Source): Rendered {
  const { lines, program } = template
  const problems = new Problems()
  const budget = new Budget()
  const output = new Output(budget)
  const origin = { file, lines }
  renderProgram(program, new Scope(names(context)), {
    file,
    written: writtenIn(template),
    mine: context.mine,
    template,
    output: output.from(origin),
    problems,
    whole: problems,
    budget,
    yaml,
    partials: context.partials ?? NO_PARTIALS,
    chain: [],
  })
  problems.throwIfAny()
  return { output, origin }
}

function names({ id, grains, pillar, roles, more }: Context): Data {
  return { id, grains, pillar, roles: [...roles], ...more }
}
