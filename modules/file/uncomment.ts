import { state } from '../../core/module/state.ts'
import { commentArgs, commentPlan } from './commented.ts'
import { DIFF_REPORTS } from './write.ts'

export const uncomment = state({
  summary: 'The lines that match, once their comment sign is off, are no comments.',
  args: commentArgs,
  reports: DIFF_REPORTS,
  example: `
    /etc/fstab:
      file.uncomment:
        - regex: ^/dev/sdb1
  `,
  makes: () => [],
  plan: (view, want) => commentPlan(view, want, false),
})
