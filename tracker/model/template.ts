import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'

const VALUE = /\\?\{\{(?<inside>.*?)\}\}/gsu

/**
 * One argument of a task's command with its values put in: `{{config.reference}}`, as Handlebars writes them, and nothing
 * more than values. There is no shell and no quoting: what a value holds stays inside its argument. An argument that is
 * one value and nothing else becomes as many arguments as that list has items.
 */
export function renderArgument(text: string, context: DataMap): string[] {
  const whole = /^\{\{(?<inside>[^{}]*)\}\}$/u.exec(text)?.groups?.['inside']
  if (whole !== undefined) {
    const value = lookUp(whole, context)
    return Array.isArray(value) ? value.map((item) => scalar(item, whole)) : [scalar(value, whole)]
  }
  return [
    text.replaceAll(VALUE, (found: string, inside: string) =>
      found.startsWith('\\') ? found.slice(1) : scalar(lookUp(inside, context), inside),
    ),
  ]
}

/** The value of a dotted path such as `config.samples`; an error when there is none. */
export function lookUp(written: string, context: DataMap): Data {
  const path = written.trim()
  if (!/^[^\s.{}#/^&>!]+(\.[^\s.{}]+)*$/u.test(path)) {
    throw new UserError('bad-template', `'{{${written}}}' is not the name of a value.`, {
      hint: 'Between the braces stands a dotted name such as {{config.reference}}; a literal {{ is written \\{{.',
    })
  }
  const steps = path.split('.')
  let here: Data = context
  for (const [index, step] of steps.entries()) {
    const next = childOf(here, step)
    if (next === undefined) throw notSet(path, steps.slice(0, index), step, here)
    here = next
  }
  return here
}

function childOf(value: Data, step: string): Data | undefined {
  if (Array.isArray(value)) return /^\d+$/u.test(step) ? value[Number(step)] : undefined
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

function notSet(path: string, above: readonly string[], step: string, here: Data): UserError {
  const where = above.length === 0 ? '' : ` in '${above.join('.')}'`
  const near = isMap(here) ? suggest(step, Object.keys(here)) : undefined
  return new UserError('undefined-value', `'${path}' has no value: there is no '${step}'${where}.`, {
    hint:
      near ??
      (above[0] === 'config' ? 'Set it in the configuration of the workflow, the analysis or the run.' : undefined),
  })
}

function scalar(value: Data, written: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'a map'
  throw new UserError('bad-value', `'${written.trim()}' is ${found}, and an argument is a text.`, {
    hint: Array.isArray(value)
      ? 'A list of texts may stand alone in an argument: each item becomes one.'
      : 'Name one of the values in it.',
  })
}
