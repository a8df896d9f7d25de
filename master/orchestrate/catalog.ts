import type { z } from 'zod'
import type { Data, DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { Catalog } from '../../core/module/module.ts'
import { state, type AnyState, type Plan } from '../../core/module/state.ts'
import { parseDuration } from '../../core/text/duration.ts'
import {
  allowed,
  applyArgs,
  callArgs,
  checkArgs,
  millisecondsOf,
  saltFunctionArgs,
  saltStateArgs,
  waitArgs,
  type ApplyStep,
  type CallStep,
  type CheckStep,
  type WaitStep,
} from './arguments.ts'
import { conditionOf, type Asked } from './condition.ts'

/** What the steps of an orchestration do: really, or only looking ahead. */
export interface Steps {
  apply(step: ApplyStep): Plan
  call(step: CallStep): Plan
  wait(step: WaitStep): Plan
  check(step: CheckStep): Plan
}

/** A step that is not done but looked at. */
export type ReadStep =
  | { kind: 'apply'; step: ApplyStep }
  | { kind: 'call'; step: CallStep }
  | { kind: 'wait'; step: WaitStep }
  | { kind: 'check'; step: CheckStep }

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
  'fleet.check': {
    schema: checkArgs,
    summary: 'Something is as it should be on every minion, asked once. Nobody to ask counts as not deployed.',
    example: `
      the databases are there:
        fleet.check:
          - target: G@roles:db-server
          - function: postgres.db_list
          - has: [airflow, run_tracking]
    `,
    read: (args) => ({ kind: 'check', step: readCheck(checkArgs.parse(args)) }),
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
      reports: { '<minion>': 'What it changed, or what it answered.' },
      args: () => schema as z.ZodType<DataMap>,
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
  if (read.kind === 'call') return steps.call(read.step)
  return read.kind === 'wait' ? steps.wait(read.step) : steps.check(read.step)
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
  const { name: id, until, timeout, interval, ...asked } = args
  return {
    id,
    target: { kind: 'compound', expression: args.target },
    expectMinions: args.expect_minions,
    timeout: parseDuration(timeout),
    interval: parseDuration(interval),
    ...conditionOf({ id, asks: 'until', function: until, ...askedIn(asked) }),
  }
}

function readCheck(args: z.output<typeof checkArgs>): CheckStep {
  const { name: id, function: name, timeout, ...asked } = args
  return {
    id,
    target: { kind: 'compound', expression: args.target },
    expectMinions: false,
    timeout: parseDuration(timeout),
    ...conditionOf({ id, asks: 'function', function: name, ...askedIn(asked) }),
  }
}

type AskedArgs = Pick<z.output<typeof checkArgs>, 'command' | 'arg' | 'kwarg' | 'equals' | 'has' | 'matches'>

function askedIn({ command, arg, kwarg, equals, has, matches }: AskedArgs): Omit<Asked, 'id' | 'asks' | 'function'> {
  return { command, arg: dataIn(arg), kwarg, equals, has, matches }
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
