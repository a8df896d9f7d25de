import { change, type Change } from '../../core/module/change.ts'
import { act } from './act.ts'
import { isEnabled, type Unit } from './unit.ts'

/** Starts it with the machine, or does not; nothing to do when it already is so, or when nobody said. */
export function bootChanges(unit: Unit, enable: boolean | undefined): Change[] {
  if (enable === undefined || isEnabled(unit) === enable || (!enable && unit.file !== 'enabled')) return []
  const verb = enable ? 'enable' : 'disable'
  return [
    change(`${verb}d`, { old: unit.file, new: `${verb}d` }, [], async (host) => {
      const { file } = await act(host, verb, unit.name)
      return { shows: { old: unit.file, new: file }, comment: `Service ${unit.name} has been ${verb}d` }
    }),
  ]
}
