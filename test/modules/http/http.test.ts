import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { apply, plan } from '../applied.ts'

// A real server on this machine, asked by the real curl.

interface Told {
  url: string
  server: Server
  asked: { method: string | undefined; authorization: string | undefined; body: string }[]
}

/** A server that is not ready for the first questions. */
async function serving(t: Test, notReady = 0): Promise<Told> {
  const asked: Told['asked'] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    asked.push({ method: request.method, authorization: request.headers.authorization, body })
    response.statusCode = asked.length > notReady ? 200 : 503
    response.end(asked.length > notReady ? 'leader: db-server' : 'no leader')
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server, asked }
}

t.test('it waits until the answer is as it should be, and says so in a plan', async (t) => {
  const { url, asked } = await serving(t, 3)
  const state = `${url}:\n  http.wait_for_successful_query:\n    - match: leader. \\w+\n    - match_type: pcre\n    - request_interval: 0.05\n`
  t.match(await plan(state), [{ result: null, changes: { query: /has no 'leader/u } }])
  t.equal(asked.length, 1, 'a plan asks once')
  t.match(await apply(state), [{ result: true, changes: {}, comment: `${url} answers as it should` }])
  t.match(await plan(state), [{ result: true, changes: {} }])
})

t.test('what it says when it waited in vain', async (t) => {
  const { url, server } = await serving(t)
  const wants = (more: string): string =>
    `${url}:\n  http.wait_for_successful_query:\n    - wait_for: 0.2\n    - request_interval: 0.05\n${more}`
  t.match(await apply(wants('    - status: 204\n')), [
    { result: false, comment: `${url} answers with status 200. For 0.2 s it was waited for in vain.` },
  ])
  t.match(await apply(wants('    - match: follower\n')), [{ comment: /has no 'follower' in it/u }])
  t.match(await apply(wants("    - match: '('\n    - match_type: pcre\n")), [
    { comment: /'\(' is no regular expression/u },
  ])
  server.close()
  await once(server, 'close')
  t.match(await apply(wants('')), [{ comment: /does not answer: curl: .* For 0\.2 s/u }])
  t.match(await apply('x:\n  http.wait_for_successful_query: []\n'), [{ comment: /'x' is no web address/u }])
})

t.test('who asks, and what is sent', async (t) => {
  const { url, asked } = await serving(t)
  const state = `${url}:
  http.wait_for_successful_query:
    - method: POST
    - data: '@{"a": "b"}'
    - username: butler
    - password: {{secret 'a/password'}}
`
  t.match(await apply(state, { secrets: { 'a/password': 'p"s\\w' } }), [{ result: true }])
  t.strictSame(asked, [
    {
      method: 'POST',
      authorization: `Basic ${Buffer.from('butler:p"s\\w').toString('base64')}`,
      body: '@{"a": "b"}',
    },
  ])
})
