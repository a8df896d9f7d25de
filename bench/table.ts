import { formatTable } from '../core/cli/table.ts'
import type { Measured } from './ruler.ts'

/** A row for each of our workloads and each peer that has done the same: how many times as long that took. */
export function besidePeers(lines: readonly Measured[]): string {
  const rows = lines
    .filter(({ peer }) => peer === 'butler')
    .flatMap((ours) => {
      const others = lines.filter(({ peer, workload }) => peer !== 'butler' && workload === ours.workload)
      return others.length === 0 ? [row(ours, undefined)] : others.map((theirs) => row(ours, theirs))
    })
  const header = [
    'workload',
    'peer',
    'its s',
    'Butler s',
    'ratio',
    'its cpu',
    'Butler cpu',
    'ratio',
    'its MB',
    'Butler MB',
    '',
  ]
  return formatTable(header, rows)
}

/** What is left of a workload's time when the start of the program is taken off. */
export function lessStart(lines: readonly Measured[], start: string, workload: string, name: string): Measured[] {
  return lines
    .filter((line) => line.workload === workload)
    .flatMap((line) => {
      const base = lines.find((one) => one.peer === line.peer && one.workload === start)
      if (base === undefined) return []
      const { wall_s, cpu_s } = { wall_s: line.wall_s - base.wall_s, cpu_s: line.cpu_s - base.cpu_s }
      return [{ ...line, workload: name, wall_s, cpu_s, noisy: line.noisy || base.noisy }]
    })
}

function row(ours: Measured, theirs: Measured | undefined): string[] {
  return [
    ours.workload,
    theirs?.peer ?? '',
    figure(theirs?.wall_s),
    figure(ours.wall_s),
    ratio(theirs?.wall_s, ours.wall_s),
    figure(theirs?.cpu_s),
    figure(ours.cpu_s),
    ratio(theirs?.cpu_s, ours.cpu_s),
    figure(theirs?.rss_mb, 0),
    figure(ours.rss_mb, 0),
    ours.noisy || theirs?.noisy === true ? 'noisy' : '',
  ]
}

function figure(value: number | undefined, digits = 2): string {
  return value?.toFixed(digits) ?? ''
}

function ratio(their: number | undefined, our: number): string {
  return their === undefined || our <= 0 ? '' : (their / our).toFixed(1)
}
