import type { Data, DataMap } from '../data.ts'
import { UserError } from '../errors.ts'
import { hasSecretMarker } from '../secret.ts'
import type { MappedText } from '../text/mapped.ts'
import { hasMark } from '../text/mapped.ts'
import { Problems } from './problems.ts'
import { Budget } from './template/budget.ts'
import type { Mine } from './template/builtins.ts'
import { Output } from './template/output.ts'
import type { Template } from './template/parse.ts'
import { parseTemplate } from './template/parse.ts'
import { renderProgram } from './template/render.ts'
import { Scope } from './template/scope.ts'

/** What a template sees. */
export interface Context {
  id: string
  grains: DataMap
  pillar: DataMap
  roles: readonly string[]
  mine: Mine
  /** More names, such as the `context` of a `file.managed`; they win over the ones above. */
  more?: DataMap
}

/** Braces that Handlebars would read (or drop, as a backslash before them), or Jinja's. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#')
}

/** Renders a template to plain text; secrets are markers in it. Throws `UserErrors` with every error in it. */
export function renderTemplate(text: string, file: string, context: Context): string {
  return isTemplate(text) ? render(text, file, context, false).text() : text
}

/**
 * Renders a template whose text is YAML: its values are marks that the YAML reader fills in, so that no value can break
 * out of the line it stands in, and every place leads back to the template. Throws `UserErrors`.
 */
export function renderYaml(text: string, file: string, context: Context): MappedText {
  return render(text, file, context, true).mapped()
}

function render(text: string, file: string, context: Context, yaml: boolean): Output {
  if (hasMark(text))
    throw new UserError('reserved-characters', `${file} holds Butler's own marks for values.`, { at: { file } })
  return renderParsed(parseTemplate(text, file), { text, file, context, yaml })
}

interface Source {
  text: string
  file: string
  context: Context
  yaml: boolean
}

function renderParsed(template: Template, { text, file, context, yaml }: Source): Output {
  const { lines, program } = template
  const problems = new Problems()
  const budget = new Budget()
  const output = new Output(file, lines, budget)
  renderProgram(program, new Scope(names(context, file)), {
    file,
    written: ({ loc }) =>
      text.slice(lines.offset(loc.start.line, loc.start.column + 1), lines.offset(loc.end.line, loc.end.column + 1)),
    mine: context.mine,
    template,
    output,
    problems,
    budget,
    yaml,
  })
  problems.throwIfAny()
  return output
}

function names({ id, grains, pillar, roles, more }: Context, file: string): Data {
  // A minion says its own id and grains: it must not be able to name a secret with them.
  if (hasSecretMarker(id + JSON.stringify(grains))) {
    throw new UserError('reserved-characters', `The grains of '${id}' hold Butler's own marks for secrets.`, {
      at: { file },
    })
  }
  return { id, grains, pillar, roles: [...roles], ...more }
}
