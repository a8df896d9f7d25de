import t from 'tap'
import { movedSince, type Planned } from '../../../core/run/planned.ts'

const SAVED: Planned = {
  db: [
    { state: 'file.managed /etc/a', changes: { mode: { old: '0600', new: '0644' } } },
    { state: 'service.running a', changes: { started: 'a' } },
  ],
  web: [],
}

t.test('a plan that says the same has not moved', async (t) => {
  t.strictSame(movedSince(SAVED, structuredClone(SAVED)), [])
})

t.test('what is more, less, or otherwise is named with its minion', async (t) => {
  const now: Planned = {
    db: [{ state: 'file.managed /etc/a', changes: { mode: { old: '0640', new: '0644' } } }],
    web: [{ state: 'file.managed /etc/b', changes: { diff: 'New file' } }],
  }
  t.strictSame(movedSince(SAVED, now), [
    'db: file.managed /etc/a would change in another way',
    'db: service.running a would not change any more',
    'web: file.managed /etc/b would change too',
  ])
})
