import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Test } from 'tap'

type Fields = Record<string, unknown>

/** What the stand-in keeps. */
export interface Kept {
  url: string
  datasources: Map<string, Fields>
  dashboards: Map<string, Fields>
}

export const PASSWORD = 'not-a-secret-here'

/**
 * A stand-in for Grafana, which is in no registry that tests reach: those paths of its HTTP API that the states use, with the
 * answers that its documentation tells. Secrets are taken and never told; ids and versions are counted.
 */
export async function grafanaStandIn(t: Test): Promise<Kept> {
  const kept: Kept = { url: '', datasources: new Map(), dashboards: new Map() }
  const server = createServer((request, response) => void answer(kept, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  kept.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return kept
}

async function answer(kept: Kept, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = request.method === 'POST' || request.method === 'PUT' ? ((await json(request)) as Fields) : {}
  const { status, says } = answerTo(kept, request, body)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(says))
}

function answerTo(kept: Kept, request: IncomingMessage, body: Fields): { status: number; says: unknown } {
  const basic = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`
  if (request.headers.authorization !== basic) {
    return { status: 401, says: { message: 'Invalid username or password' } }
  }
  const [, api, kind, by, last = ''] = (request.url ?? '').split('/')
  if (api !== 'api') return { status: 404, says: {} }
  const name = decodeURIComponent(last)
  if (kind === 'datasources') return ofDatasources(kept.datasources, request.method, by, name, body)
  return ofDashboards(kept.dashboards, request.method, name, body)
}

function ofDatasources(
  all: Kept['datasources'],
  method: string | undefined,
  by: string | undefined,
  name: string,
  body: Fields,
) {
  const { secureJsonData = {}, ...told } = body
  const found = [...all.values()].find((each) => (by === 'uid' ? each['uid'] === name : each['name'] === name))
  const secureJsonFields = Object.fromEntries(Object.keys(secureJsonData as Fields).map((key) => [key, true]))
  if (method === 'POST') {
    all.set(String(body['name']), {
      uid: 'made-by-grafana',
      id: 1,
      version: 1,
      readOnly: false,
      ...told,
      secureJsonFields,
    })
    return { status: 200, says: { message: 'Datasource added' } }
  }
  if (found === undefined) return { status: 404, says: { message: 'Data source not found' } }
  if (method === 'PUT') all.set(String(found['name']), { ...found, ...told, secureJsonFields })
  if (method === 'DELETE') all.delete(String(found['name']))
  return { status: 200, says: found }
}

function ofDashboards(all: Kept['dashboards'], method: string | undefined, uid: string, body: Fields) {
  if (method === 'POST') {
    const dashboard = body['dashboard'] as Fields
    const key = String(dashboard['uid'])
    const version = Number(all.get(key)?.['version'] ?? 0) + 1
    all.set(key, { ...dashboard, id: 7, version })
    return { status: 200, says: { status: 'success', uid: key, version } }
  }
  const found = all.get(uid)
  if (found === undefined) return { status: 404, says: { message: 'Dashboard not found' } }
  if (method === 'DELETE') all.delete(uid)
  return { status: 200, says: { dashboard: found, meta: { slug: 'x' } } }
}
