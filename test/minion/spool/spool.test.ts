import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readEvents } from '../../../minion/spool/journal.ts'
import { claim, Spool, type SpooledJob } from '../../../minion/spool/spool.ts'
import { newJid } from '../loopback/jobs.ts'
import { temporaryFolder } from '../loopback/folder.ts'

const job = (jid = newJid()): SpooledJob => ({ jid, kind: 'state', title: 'state run', runMs: 1000 })

t.test('a received job is found again by the next agent', async (t) => {
  const folder = temporaryFolder(t)
  const received = job()
  new Spool(folder).receive(received)
  const spool = new Spool(folder)
  t.strictSame(spool.list(), [received])
  t.strictSame(spool.held(received.jid), { jid: received.jid, lastSeq: 1, ended: false })
  t.equal(statSync(spool.folderOf(received.jid)).mode & 0o777, 0o700)
})

t.test('a crash while receiving leaves no job', async (t) => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, `${newJid()}.new`))
  t.strictSame(new Spool(folder).list(), [])
  t.strictSame(readdirSync(folder), [])
})

t.test('only one can begin a job', async (t) => {
  const spool = new Spool(temporaryFolder(t))
  const { jid } = job()
  spool.receive(job(jid))
  const own = { pid: 1, began: 'then', at: 'now' }
  t.ok(claim(spool.folderOf(jid), own))
  t.notOk(claim(spool.folderOf(jid), { ...own, pid: 2 }))
  t.strictSame(spool.claimOf(jid), own)
})

t.test('a confirmed job is gone, and remembered', async (t) => {
  const folder = temporaryFolder(t)
  const spool = new Spool(folder)
  const { jid } = job()
  spool.receive(job(jid))
  spool.end(jid, { type: 'ended', outcome: 'interrupted', cause: 'x' })
  spool.confirm(jid)
  t.ok(spool.isDone(jid) && !spool.has(jid) && spool.isHere(jid))
  t.strictSame(spool.list(), [])
  const next = new Spool(folder)
  t.ok(next.isDone(jid))
  t.notOk(existsSync(next.folderOf(jid)))
})

t.test('a torn line in the list of done jobs loses none of the others', async (t) => {
  const folder = temporaryFolder(t)
  const [one, two] = [newJid(), newJid()]
  writeFileSync(join(folder, 'done'), `${one}\n2026112`)
  new Spool(folder).confirm(two)
  const spool = new Spool(folder)
  t.ok(spool.isDone(one) && spool.isDone(two))
  t.equal(readFileSync(join(folder, 'done'), 'utf8'), `${one}\n${two}\n`)
})

t.test('a job that ended is not ended again', async (t) => {
  const spool = new Spool(temporaryFolder(t))
  const { jid } = job()
  spool.receive(job(jid))
  spool.end(jid, { type: 'ended', outcome: 'cancelled', cause: 'first' })
  spool.end(jid, { type: 'ended', outcome: 'failed', cause: 'second' })
  t.match(readEvents(spool.eventsOf(jid)).at(-1), { seq: 2, event: { cause: 'first' } })
})

t.test('a jid is part of a path, so it is looked at', async (t) => {
  const spool = new Spool(temporaryFolder(t))
  for (const bad of ['', '..', '../../etc', '1', `${newJid()}/x`]) t.throws(() => spool.eventsOf(bad), bad)
})

t.test('a disk that does not take it: nothing is left of it', async (t) => {
  const folder = temporaryFolder(t)
  const spool = new Spool(folder)
  const { jid } = job()
  writeFileSync(spool.folderOf(jid), 'a file where a folder has to be')
  t.throws(() => spool.receive(job(jid)))
  t.strictSame(readdirSync(folder), [jid])
})
