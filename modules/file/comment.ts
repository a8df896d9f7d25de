import { state } from '../../core/module/state.ts'
import { commentArgs, commentPlan } from './commented.ts'
import { DIFF_REPORTS } from './write.ts'

export const comment = state({
  summary: 'The lines that match are comments.',
  args: commentArgs,
  reports: DIFF_REPORTS,
  example: `
    /etc/fstab:
      file.comment:
        - regex: ^/dev/sdb1
  `,
  makes: () => [],
  plan: (view, want) => commentPlan(view, want, true),
})
