import type { z } from 'zod'
import { isDeepStrictEqual } from 'node:util'
import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { Catalog } from '../../core/module/module.ts'
import { state, type AnyState, type Plan } from '../../core/module/state.ts'
import { parseDuration } from '../../core/text/duration.ts'
import {
  allowed,
  applyArgs,
  callArgs,
  millisecondsOf,
  saltFunctionArgs,
  saltStateArgs,
  waitArgs,
  type ApplyStep,
  type CallStep,
  type WaitStep,
} from './arguments.ts'

/** What the steps of an orchestration do: really, or only looking ahead. */
export interface Steps {
  apply(step: ApplyStep): Plan
  call(step: CallStep): Plan
  wait(step: WaitStep): Plan
}

/** A step that is not done but looked at. */
export type ReadStep =
  | { kind: 'apply'; step: ApplyStep }
  | { kind: 'call'; step: CallStep }
  | { kind: 'wait'; step: WaitStep }

type Reader = (args: DataMap) => ReadStep

/** The language of orchestrations: Butler's own names, and Salt's for the first two. */
const READERS: Readonly<Record<string, { schema: z.ZodType; summary: string; example: string; read: Reader }>> = {
  'fleet.apply': {
    schema: applyArgs,
    summary: 'Minions are brought to these state files, or to all that their roles ask for.',
    example: `
      consul:
        fleet.apply:
          - target: '*'
          - states: [dnsmasq, consul]
    `,
    read: (args) => ({ kind: 'apply', step: readApply(applyArgs.parse(args)) }),
  },
  'fleet.call': {
    schema: callArgs,
    summary: 'Minions call an execution function.',
    example: `
      everybody-answers:
        fleet.call:
          - target: '*'
          - function: test.ping
    `,
    read: (args) => ({ kind: 'call', step: readCall(callArgs.parse(args)) }),
  },
  'fleet.wait': {
    schema: waitArgs,
    summary: 'Something has become true on every minion.',
    example: `
      consul-has-a-leader:
        fleet.wait:
          - target: G@roles:consul-server
          - until: consul.has_leader
          - timeout: 2m
    `,
    read: (args) => ({ kind: 'wait', step: readWait(waitArgs.parse(args)) }),
  },
  'salt.state': {
    schema: saltStateArgs,
    summary: "Salt's name for fleet.apply.",
    example: `
      consul:
        salt.state:
          - tgt: '*'
          - sls: [dnsmasq, consul]
    `,
    read: (args) => ({ kind: 'apply', step: readSaltState(saltStateArgs.parse(args)) }),
  },
  'salt.function': {
    schema: saltFunctionArgs,
    summary: "Salt's name for fleet.call.",
    example: `
      test.ping:
        salt.function:
          - tgt: '*'
    `,
    read: (args) => ({ kind: 'call', step: readSaltFunction(saltFunctionArgs.parse(args)) }),
  },
}

/** The state functions of orchestrations; `steps` is what they do. */
export function fleetCatalog(steps: Steps): Catalog {
  const states = Object.entries(READERS).map(([name, { summary, example, schema }]): [string, AnyState] => [
    name,
    // The schemas are made by `args()`, and their output is what `readStep` takes.
    state<DataMap>({
      summary,
      example,
      args: schema as z.ZodType<DataMap>,
      plan: (_view, args) => planOf(steps, readStep(name, args)),
    }),
  ])
  return { states: new Map(states), functions: new Map() }
}

/** What a step's checked arguments mean. */
export function readStep(name: string, args: DataMap): ReadStep {
  const reader = READERS[name]
  if (reader === undefined) throw new Error(`'${name}' is no step of an orchestration.`)
  return reader.read(args)
}

function planOf(steps: Steps, read: ReadStep): Plan {
  if (read.kind === 'apply') return steps.apply(read.step)
  return read.kind === 'call' ? steps.call(read.step) : steps.wait(read.step)
}

function readApply(args: z.output<typeof applyArgs>): ApplyStep {
  const { name, target, states, highstate, test, pillar, timeout, expect_minions: expectMinions } = args
  return {
    id: name,
    target: { kind: 'compound', expression: target },
    expectMinions,
    states: statesOf(name, states, highstate),
    test,
    pillar,
    timeout: millisecondsOf(timeout),
    allowFail: allowed(args.allow_fail),
  }
}

function readSaltState({ tgt, tgt_type: kind, sls, ...args }: z.output<typeof saltStateArgs>): ApplyStep {
  return { ...readApply({ ...args, target: tgt, states: sls }), target: { kind, expression: tgt } }
}

function readCall(args: z.output<typeof callArgs>): CallStep {
  return {
    id: args.name,
    target: { kind: 'compound', expression: args.target },
    expectMinions: args.expect_minions,
    function: args.function,
    positional: dataIn(args.arg),
    named: args.kwarg,
    timeout: millisecondsOf(args.timeout),
    allowFail: allowed(args.allow_fail),
  }
}

function readSaltFunction({ tgt, tgt_type: kind, ...args }: z.output<typeof saltFunctionArgs>): CallStep {
  return { ...readCall({ ...args, target: tgt, function: args.name }), target: { kind, expression: tgt } }
}

function readWait(args: z.output<typeof waitArgs>): WaitStep {
  const { name: id, until, command, equals } = args
  const common = {
    id,
    target: { kind: 'compound' as const, expression: args.target },
    expectMinions: args.expect_minions,
    timeout: parseDuration(args.timeout),
    interval: parseDuration(args.interval),
  }
  if (command !== undefined && until === undefined) {
    const isThere = (answer: Data): boolean => answer === (equals ?? 0)
    return {
      ...common,
      function: 'cmd.retcode',
      positional: [command],
      named: {},
      isThere,
      what: `'${command}' succeeds`,
    }
  }
  if (until === undefined || command !== undefined) {
    throw new UserError('bad-wait', `The step '${id}' needs either 'until' or 'command', and not both.`, {
      hint: 'Such as `until: consul.has_leader`, or `command: systemctl is-active postgresql`.',
    })
  }
  const isThere = (answer: Data): boolean => (equals === undefined ? isTrue(answer) : isDeepStrictEqual(answer, equals))
  const what = equals === undefined ? until : `${until} is ${JSON.stringify(equals)}`
  return { ...common, function: until, positional: dataIn(args.arg), named: args.kwarg, isThere, what }
}

function statesOf(id: string, states: readonly string[] | undefined, highstate: boolean): readonly string[] {
  if (highstate && states === undefined) return []
  if (!highstate && states !== undefined && states.length > 0) return states
  throw new UserError('bad-apply', `The step '${id}' needs either state files or the highstate.`, {
    hint: 'Write `states: [postgres]`, or `highstate: true`.',
  })
}

/** What zod took for JSON is data. */
function dataIn(list: readonly unknown[]): Data[] {
  return list as Data[]
}

/** Empty lists and maps are as good as nothing, as in Salt. */
function isTrue(answer: Data): boolean {
  if (Array.isArray(answer)) return answer.length > 0
  return isMap(answer) ? Object.keys(answer).length > 0 : Boolean(answer)
}
