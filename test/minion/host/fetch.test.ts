import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createMachine } from '../../../minion/host/machine.ts'

const content = Buffer.from('from the tree\n')
const digest = createHash('sha256').update(content).digest('hex')
const refs = {
  'butler://web/files/a.conf': { digest, size: content.length },
  'butler://web/files/sub/b.conf': { digest, size: content.length },
  'butler://website/c': { digest, size: content.length },
}
const bytes = (text: string): Uint8Array => Buffer.from(text)

t.test('by digest', async (t) => {
  const asked: string[] = []
  const files = {
    fetch: async (wanted: string) => {
      asked.push(wanted)
      return content
    },
  }
  const host = createMachine({ grains: {}, pillar: {}, refs, files }).host({})
  t.same(await host.fetch('butler://web/files/a.conf'), content)
  t.same(await host.fetch('salt://web/files/sub/b.conf'), content)
  t.same(asked, [digest], 'one content is fetched once')
  t.same(await host.tree('salt://web/files/'), [
    { path: 'a.conf', source: 'butler://web/files/a.conf' },
    { path: 'sub/b.conf', source: 'butler://web/files/sub/b.conf' },
  ])
  await t.rejects(host.fetch('butler://web/files/a.cnf'), {
    code: 'unknown-source',
    hint: "Did you mean 'butler://web/files/a.conf'?",
  })
})

t.test('content that is not what was asked for', async (t) => {
  const files = { fetch: () => Promise.resolve(bytes('something else')) }
  const host = createMachine({ grains: {}, pillar: {}, refs, files }).host({})
  await t.rejects(host.fetch('butler://web/files/a.conf'), { code: 'bad-digest' })
})

t.test('files of the machine and of the web', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'butler-fetch-'))
  writeFileSync(join(dir, 'f'), 'local')
  const server = createServer((request, answer) => {
    answer.statusCode = request.url === '/f' ? 200 : 404
    answer.end('remote')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    rmSync(dir, { recursive: true })
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const host = createMachine({ grains: {}, pillar: {} }).host({})
  t.equal(Buffer.from(await host.fetch(join(dir, 'f'))).toString(), 'local')
  t.equal(Buffer.from(await host.fetch(`file://${dir}/f`)).toString(), 'local')
  t.equal(Buffer.from(await host.fetch(`http://127.0.0.1:${port}/f`)).toString(), 'remote')
  await t.rejects(host.fetch(`http://127.0.0.1:${port}/g`), { code: 'download-failed', message: /answers 404/u })
  await t.rejects(host.fetch('http://127.0.0.1:1/f'), { code: 'download-failed' })
  await t.rejects(host.fetch(join(dir, 'g')), { code: 'file-noent' })
})
