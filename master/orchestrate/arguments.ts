import { z } from 'zod'
import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { anything, args, flag, oneOf, text, texts } from '../../core/module/args.ts'
import { TARGET_KINDS, type TargetKind } from '../../core/target/target.ts'
import { parseDuration } from '../../core/text/duration.ts'
import type { Condition } from './condition.ts'

/** `90`, `90s`, `2m`; it stays text, so that what has been checked can be checked again. */
function duration(summary: string) {
  return z
    .preprocess(
      (value) => (typeof value === 'number' ? `${value}s` : value),
      z.string().refine(isDuration, NO_DURATION),
    )
    .describe(summary)
}

const NO_DURATION = 'must be a duration, such as 90s or 2m'

function isDuration(text: string): boolean {
  try {
    return parseDuration(text) > 0
  } catch {
    return false
  }
}

function map(summary: string) {
  return z.custom<DataMap>(isMap, 'must be a map').describe(summary)
}

/** One value or a list of them; a list comes out. */
function values(summary: string) {
  return z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(z.json())).describe(summary)
}

const common = {
  timeout: duration('How long the work may take on each minion.').optional(),
  expect_minions: flag('It is an error when the target means nobody.').default(true),
}

const allowFail = {
  allow_fail: z
    .union([z.int().nonnegative(), z.boolean()])
    .describe('On how many minions it may fail; true: on all.')
    .default(0),
}

const target = text("Which minions, as a compound expression: 'G@roles:worker and not worker-1'.")
const saltTarget = {
  tgt: text('Which minions.'),
  tgt_type: oneOf(TARGET_KINDS, 'How the target is written.').default('compound'),
}

export const applyArgs = args({
  name: text('Its id.'),
  target,
  states: texts('The state files to apply.').optional(),
  highstate: flag('All that the roles of the minions ask for.').default(false),
  test: flag('Only say what would change.').default(false),
  pillar: map('Pillar values for this step, over those that there are.').optional(),
  ...common,
  ...allowFail,
})

export const callArgs = args({
  name: text('Its id.'),
  target,
  function: text('The execution function: test.ping.'),
  arg: values('Its arguments in order: one, or a list.').default([]),
  kwarg: map('Its arguments by name.').default({}),
  ...common,
  ...allowFail,
})

/** What is asked besides the name of a function, and what the answer must be. */
const asked = {
  command: text('A shell command that must end with 0 on every minion; it may be asked as root.').optional(),
  arg: values('The arguments of the function, in order.').default([]),
  kwarg: map('The arguments of the function, by name.').default({}),
  equals: anything('What must be answered (of a command: printed), instead of anything true.').optional(),
  has: texts('Names that must be among the answer: items of a list, keys of a map, or lines.').optional(),
  matches: text('A regular expression that the answer must match.').optional(),
}

export const waitArgs = args({
  name: text('Its id.'),
  target,
  until: text('The execution function that must answer with something true on every minion.').optional(),
  ...asked,
  timeout: duration('How long to wait.').default('60s'),
  interval: duration('How long between two looks.').default('2s'),
  expect_minions: common.expect_minions,
})

export const checkArgs = args({
  name: text('What is checked, in words.'),
  target,
  function: text('The execution function that must answer with something true on every minion.').optional(),
  ...asked,
  timeout: duration('How long each minion may take to answer.').default('60s'),
})

/** Salt's own names for the first two. */
export const saltStateArgs = args({
  name: text('Its id.'),
  ...saltTarget,
  sls: texts('The state files to apply.').optional(),
  highstate: flag('All that the roles of the minions ask for.').default(false),
  test: flag('Only say what would change.').default(false),
  pillar: map('Pillar values for this step, over those that there are.').optional(),
  ...common,
  ...allowFail,
})

export const saltFunctionArgs = args({
  name: text('The execution function: test.ping.'),
  ...saltTarget,
  arg: values('Its arguments in order: one, or a list.').default([]),
  kwarg: map('Its arguments by name.').default({}),
  ...common,
  ...allowFail,
})

interface OnMinions {
  id: string
  target: { kind: TargetKind; expression: string }
  expectMinions: boolean
}

/** A step that applies state files; none of them is the highstate. */
export interface ApplyStep extends OnMinions {
  states: readonly string[]
  test: boolean
  pillar: DataMap | undefined
  /** In milliseconds. */
  timeout: number | undefined
  /** On how many minions it may fail. */
  allowFail: number
}

export interface CallStep extends OnMinions {
  function: string
  positional: readonly Data[]
  named: DataMap
  timeout: number | undefined
  allowFail: number
}

export interface WaitStep extends OnMinions, Condition {
  timeout: number
  interval: number
}

/** A question that is asked once. Nobody to ask is no failure: that part of the cluster is not deployed. */
export interface CheckStep extends OnMinions, Condition {
  timeout: number
}

/** A duration that was checked, in milliseconds. */
export function millisecondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text)
}

export function allowed(given: number | boolean): number {
  if (typeof given === 'number') return given
  return given ? Number.POSITIVE_INFINITY : 0
}
