import t from 'tap'
import { userErrorsOf, formatPlace } from '../../../core/errors.ts'
import { parseDocument } from '../../../tracker/model/document.ts'
import { type PlanContext, planRun } from '../../../tracker/model/plan.ts'
import { parseWorkflow, type WorkflowDefinition } from '../../../tracker/model/workflow.ts'

function parse(text: string): WorkflowDefinition {
  return parseWorkflow(parseDocument(text, 'workflow.yaml'))
}

/** Every error as a person sees it, shortened. */
function errorsOf(run: () => unknown): string[] {
  try {
    run()
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return errors.map(({ message, at, hint }) =>
      `${at === undefined ? '' : formatPlace(at)} ${message} ${hint ?? ''}`.trim(),
    )
  }
  return []
}

const HEAD = "name: x\nversion: '1'\ntasks:\n"

t.test('a whole workflow', async (t) => {
  const { tasks, name, version } = parse(`
name: freebayes
version: '2.0'
tasks:
  fetch:
    command: [fetch, '{{config.sample}}', 3]
    retries: 2
    timeout: 1h30m
  call:
    command: [freebayes, -r, '{{item}}']
    needs: fetch
    for_each: config.contigs
    resources: {cpus: 2, memory: 4G}
`)
  t.strictSame([name, version], ['freebayes', '2.0'])
  t.strictSame(tasks, [
    {
      name: 'fetch',
      command: ['fetch', '{{config.sample}}', '3'],
      needs: [],
      forEach: undefined,
      retries: 2,
      timeoutMs: 5_400_000,
      resources: { cpus: 1, memory: 0 },
    },
    {
      name: 'call',
      command: ['freebayes', '-r', '{{item}}'],
      needs: ['fetch'],
      forEach: 'config.contigs',
      retries: 0,
      timeoutMs: undefined,
      resources: { cpus: 2, memory: 4 * 1024 ** 3 },
    },
  ])
})

t.test('what is wrong, where, and what was meant', async (t) => {
  const cases: readonly [text: string, error: RegExp][] = [
    [
      'name: x\nversion: 1.0\ntasks: {a: {command: [x]}}\n',
      /^workflow.yaml:2:\d+ 'version': must be text: write it in quotes/,
    ],
    ["name: x\nversion: '1'\n", /'tasks' is missing/],
    [`${HEAD}  {}\n`, /'tasks': names no task/],
    [`${HEAD}  a: {comand: [x]}\n`, /workflow.yaml:4:7 'comand' is not known in 'tasks.a'. Did you mean 'command'\?/],
    [`${HEAD}  a: {command: echo hello}\n`, /4:\d+ 'tasks.a.command': must be a list of the program and its arguments/],
    [`${HEAD}  a: {command: []}\n`, /must name a program/],
    [`${HEAD}  a: {command: [x], timeout: soon}\n`, /'soon' is no duration/],
    [`${HEAD}  a: {command: [x], retries: -1}\n`, /'tasks.a.retries'/],
    [`${HEAD}  a: {command: [x], resources: {memory: lots}}\n`, /'lots' is no size/],
    [`${HEAD}  a: {command: [x], resources: {cpu: 1}}\n`, /Did you mean 'cpus'/],
    [`${HEAD}  a b: {command: [x]}\n`, /is no name for a task/],
    [
      `${HEAD}  align: {command: [x]}\n  call: {command: [x], needs: aling}\n`,
      /5:\d+ Task 'call' needs 'aling', .* Did you mean 'align'/,
    ],
    [`${HEAD}  a: {command: [x], needs: a}\n`, /wait for each other for ever: a needs a\./],
    [
      `${HEAD}  a: {command: [x], needs: [b]}\n  b: {command: [x], needs: [c]}\n  c: {command: [x], needs: [a]}\n  d: {command: [x], needs: [a]}\n`,
      /wait for each other for ever: a needs b needs c needs a\./,
    ],
  ]
  for (const [text, expected] of cases) {
    const errors = errorsOf(() => parse(text))
    t.match(errors[0] ?? '', expected, text)
  }
})

t.test('two mistakes are two errors', async (t) => {
  t.equal(errorsOf(() => parse(`${HEAD}  a: {comand: [x]}\n  b: {command: [x], retry: 1}\n`)).length >= 2, true)
})

const CONTEXT: PlanContext = {
  config: { contigs: ['1', 'X'], sample: 'S1' },
  run: { id: 7, attempt: 1, folder: '/runs/7' },
  workflow: { name: 'x', version: '1', folder: '/kept/x' },
  analysis: { id: 1, name: 'a' },
}

t.test('a plan is every program with its arguments', async (t) => {
  const workflow = parse(
    `${HEAD}  fetch: {command: ['{{workflow.folder}}/fetch', '{{config.sample}}']}\n` +
      `  call: {command: [call, '{{item}}', 'run-{{run.id}}'], for_each: config.contigs, needs: [fetch]}\n` +
      `  list: {command: [l, '{{item.n}}'], for_each: [{n: 1}, {n: 2}]}\n  none: {command: [x], for_each: []}\n`,
  )
  t.strictSame(
    planRun(workflow, CONTEXT).map(({ id, command }) => `${id}: ${command.join(' ')}`),
    ['fetch: /kept/x/fetch S1', 'call[0]: call 1 run-7', 'call[1]: call X run-7', 'list[0]: l 1', 'list[1]: l 2'],
  )
})

t.test('a plan that lacks values names all of them, with their places', async (t) => {
  const workflow = parse(
    `${HEAD}  a: {command: [x, '{{config.smaple}}']}\n  b: {command: [x], for_each: config.sample}\n  c: {command: ['{{config.nowhere}}']}\n`,
  )
  const errors = errorsOf(() => planRun(workflow, CONTEXT))
  t.equal(errors.length, 3)
  t.match(errors[0] ?? '', /^workflow.yaml:4:\d+ 'config.smaple' has no value.*Did you mean 'sample'/)
  t.match(errors[1] ?? '', /^workflow.yaml:5:\d+ 'config.sample' is no list, and for_each needs one/)
  t.match(errors[2] ?? '', /^workflow.yaml:6:\d+ 'config.nowhere' has no value/)
})

t.test('a program without a name, or an argument that none can be given', async (t) => {
  const workflow = parse(`${HEAD}  a: {command: ['{{config.empty}}']}\n  b: {command: [x, '{{config.zero}}']}\n`)
  const errors = errorsOf(() => planRun(workflow, { ...CONTEXT, config: { empty: '', zero: 'a\0b' } }))
  t.match(errors[0] ?? '', /Task 'a' names no program/)
  t.match(errors[1] ?? '', /Argument 1 of task 'b' holds a zero byte/)
})
