/** How a target is written: Salt's letters. Files use compound expressions; letter flags belong to command lines. */
export const TARGET_KINDS = [
  'glob',
  'list',
  'grain',
  'pillar',
  'pcre',
  'ipcidr',
  'compound',
  'grain_pcre',
  'pillar_pcre',
] as const

export type TargetKind = (typeof TARGET_KINDS)[number]

export interface Target {
  kind: TargetKind
  expression: string
}
