import { args, oneOf } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { CONFIG, configText, currentMode, type Mode, MODES, parseConfig } from './current.ts'

export const mode = state({
  summary: 'SELinux is in this mode, now and after the next start. It goes to and from `disabled` only by a start.',
  args: () =>
    args({
      name: oneOf(MODES, 'What it does about what its rules forbid: hinder it, note it, or nothing.'),
    }),
  reports: { mode: 'Before and after.', 'after the next start': 'Before and after.' },
  example: `
    enforcing:
      selinux.mode: []
  `,
  makes: () => [],
  async *plan(view, { name }) {
    const now = await currentMode(view)
    const text = await configText(view)
    const kept = parseConfig(text)
    return yield* planOf(
      [...nowChange(now, name), ...(kept === name ? [] : [keptChange(kept, name, text)])],
      `SELinux is already in ${name} mode`,
    )
  },
})

function nowChange(now: Mode, wanted: Mode): Change[] {
  if (now === wanted || now === 'disabled' || wanted === 'disabled') return []
  return [
    change('mode', { old: now, new: wanted }, ['anything'], async (host) => {
      await host.run(['setenforce', wanted === 'enforcing' ? '1' : '0'], { check: true })
    }),
  ]
}

function keptChange(kept: Mode | undefined, wanted: Mode, text: string): Change {
  const line = `SELINUX=${wanted}`
  const newer = kept === undefined ? `${text}${line}\n` : text.replace(/^\s*SELINUX=.*$/mu, line)
  return change('after the next start', { old: kept ?? '', new: wanted }, [{ kind: 'path', name: CONFIG }], (host) =>
    host.write(CONFIG, newer),
  )
}
