import { mkdtempSync, readFileSync, rmSync, existsSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createMachine } from '../../../minion/host/machine.ts'

const machine = createMachine({ grains: {}, pillar: {} })
const host = machine.host({})

t.test('runs programs without a shell, and shells', async (t) => {
  t.match(await host.run(['printf', '%s', 'a b; c']), { exitCode: 0, stdout: 'a b; c', stderr: '' })
  t.match(await host.shell("printf 'a\\nb\\n' | grep b; exit 3"), { exitCode: 3, stdout: 'b\n' })
  t.match(await host.query(['cat'], { input: 'said' }), { stdout: 'said' })
  t.match(await host.shell('echo $X-$Y', { env: { X: '1', Y: '2' } }), { stdout: '1-2\n' })
  t.match(await machine.host({ env: { X: '1' } }).shell('echo $X-$Y', { env: { Y: '2' } }), { stdout: '1-2\n' })
  t.match(await host.shell('kill -9 $$'), { exitCode: 137 })
})

t.test('a program that is not there is 127', async (t) => {
  t.match(await host.run(['no-such-program']), { exitCode: 127, stderr: 'no-such-program: not found\n' })
  const behind = { env: { PATH: '/etc/passwd/not-a-folder:/nowhere' } }
  t.match(await host.run(['no-such-program'], behind), { exitCode: 127 }, 'whatever the folders of the path are')
  t.match(await host.run(['/etc']), { exitCode: 126 })
  t.match(await host.run(['true'], { check: true }), { exitCode: 0 })
  await t.rejects(host.run(['sh', '-c', 'echo why >&2; exit 4'], { check: true }), {
    name: 'ChangeFailed',
    message: "'sh -c echo why >&2; exit 4' ended with 4: why",
  })
  await t.rejects(host.run(['true'], { cwd: '/no/such/folder' }), { code: 'no-such-cwd' })
})

t.test('umask and working directory', async (t) => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'butler-program-')))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const before = process.umask()
  t.match(await host.shell('umask; pwd', { umask: '0027', cwd: dir }), { stdout: `0027\n${dir}\n` })
  t.equal(process.umask(), before)
})

t.test('at its time the whole group ends', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'butler-program-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const output = await host.shell(`echo first; (sleep 600 & echo $! > ${dir}/pid; wait)`, { timeoutMs: 300 })
  t.match(output, { timedOut: true, stdout: 'first\n' })
  const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'))
  t.ok(await gone(pid), 'the grandchild has ended too')
})

t.test('a daemon that keeps the pipes open does not hold us up', async (t) => {
  const { stdout, exitCode } = await host.shell('sleep 600 & echo $!')
  process.kill(Number(stdout))
  t.equal(exitCode, 0)
})

t.test('much output is cut in the middle', async (t) => {
  const { stdout } = await host.shell('echo begin; head -c 30000000 /dev/zero | tr "\\0" x; echo end')
  t.ok(stdout.startsWith('begin\nxxx'))
  t.ok(stdout.endsWith('xxx'.concat('end\n')))
  t.match(stdout, /\[\d+ bytes are left out here\]/u)
  t.ok(stdout.length < 11_000_000)
})

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    if (!existsSync(`/proc/${pid}`) || /State:\s+Z/u.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true
    await machine.sleep(10, AbortSignal.timeout(1000))
  }
  return false
}
