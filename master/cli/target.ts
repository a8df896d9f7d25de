import { flagOption, textArgument, type Argument, type Call } from '../../core/cli/command.ts'
import { UserError } from '../../core/errors.ts'
import type { Target, TargetKind } from '../../core/target/target.ts'

export const TARGET: Argument = {
  name: 'target',
  summary: "Which minions: a glob of ids, such as 'worker-*', unless a letter says otherwise",
}

const KINDS: Readonly<Record<string, TargetKind>> = {
  list: 'list',
  grain: 'grain',
  pillarValue: 'pillar',
  pcre: 'pcre',
  grainPcre: 'grain_pcre',
  pillarPcre: 'pillar_pcre',
  ipcidr: 'ipcidr',
  compound: 'compound',
}

/** The target of a command line, by the letter before it. Throws a `UserError` when there are two. */
export function targetOf(call: Call): Target {
  const [kind = 'glob', another] = Object.keys(KINDS).flatMap((flag) => (flagOption(call, flag) ? KINDS[flag] : []))
  if (another === undefined) return { kind, expression: textArgument(call, 'target') }
  throw new UserError('two-target-kinds', 'A target can be of one kind only.', {
    hint: "Join them in a compound: -C 'G@roles:worker and E@web.*'.",
  })
}
