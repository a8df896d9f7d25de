import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { RunReport } from '../../core/run/result.ts'
import { until } from '../master/until.ts'
import { processesOf } from './processes.ts'
import { Town } from './town.ts'

// kill -9 of the minion, the master and both, at each step of a job's life. The state says that it has begun, waits to
// be let go, and then writes a line: a second line would be a second run.

const STATE = `
begin:
  cmd.run:
    - name: touch {{grains.home}}/begun; until test -e {{grains.home}}/go; do sleep 0.02; done
line:
  cmd.run:
    - name: echo line >> {{grains.home}}/lines
    - require: [{ cmd: begin }]
end:
  cmd.run:
    - name: touch {{grains.home}}/done
    - require: [{ cmd: line }]
`

type Step = 'before the receipt' | 'in a chunk' | 'before the end'

for (const victims of [['m1'], ['master'], ['m1', 'master'], ['master', 'm1']] as const) {
  for (const step of ['before the receipt', 'in a chunk', 'before the end'] as const) {
    t.test(`kill -9 of ${victims.join(', then ')}, ${step}`, async (t) => {
      const town = new Town(t, { 'roles/mapping.yaml': '{}\n', 'states/slow.yaml': STATE })
      await town.startMaster()
      await town.join('m1')
      const at = (name: string): string => join(town.home('m1'), name)

      const jid = await reach(town, step, at)
      for (const victim of victims) if (town.runs(victim)) await town.kill(victim)
      if (step === 'in a chunk') writeFileSync(at('go'), '')
      if (!town.runs('master')) await town.startMaster()
      if (!town.runs('m1')) await town.startMinion('m1')
      if (step === 'before the receipt') {
        await until('the job to begin', () => existsSync(at('begun')))
        writeFileSync(at('go'), '')
      }

      const report = await until('the job to end', async () => {
        const shown = (await town.master('jobs', 'show', jid, '--json')).json() as RunReport
        return shown.targets['m1']?.outcome ? shown : undefined
      })
      const end = report.targets['m1']
      t.equal(end?.outcome, 'succeeded', JSON.stringify(end))
      t.equal(readFileSync(at('lines'), 'utf8'), 'line\n', 'no chunk was run twice')
      t.strictSame(
        end?.results.map((result) => [result.id, result.result]),
        [
          ['begin', true],
          ['line', true],
          ['end', true],
        ],
      )
      await town.end()
      t.strictSame(processesOf(town.folder), [], 'no process is left')
    })
  }
}

/** Submits the job and brings it to the step; gives back its jid. */
async function reach(town: Town, step: Step, at: (name: string) => string): Promise<string> {
  if (step === 'before the receipt') await town.kill('m1')
  const submitted = await town.master('apply', 'm1', 'slow', '--async', '--json')
  const { jid } = submitted.json() as { jid: string }
  if (step === 'before the receipt') return jid
  await until('the job to begin', () => existsSync(at('begun')))
  if (step === 'in a chunk') return jid
  writeFileSync(at('go'), '')
  await until('the last chunk to run', () => existsSync(at('done')))
  return jid
}
