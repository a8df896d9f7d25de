import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { currentMode } from './current.ts'

export const getenforce = fn({
  summary: 'How SELinux is: `enforcing`, `permissive` or `disabled`.',
  args: () => args({}),
  example: 'selinux.getenforce',
  changes: false,
  run: currentMode,
})
