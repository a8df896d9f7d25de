import type { Handlers, StreamHandlers } from '../contract.ts'
import type { Jobs } from '../../jobs/jobs.ts'

/** What happened, and what still does. */
export function jobHandlers(jobs: Jobs): Pick<Handlers, 'jobs.list' | 'jobs.show' | 'jobs.times' | 'jobs.cancel'> {
  return {
    'jobs.list': (input) => jobs.list(input),
    'jobs.show': ({ jid }) => jobs.report(jid),
    'jobs.times': ({ jid }) => jobs.times(jid),
    'jobs.cancel': async ({ jid }) => {
      await jobs.cancel(jid)
      return {}
    },
  }
}

export function jobStreams(jobs: Jobs): StreamHandlers {
  return { 'jobs.watch': ({ jid, after }, signal) => jobs.watch(jid, { after: after ?? 0, signal }) }
}
