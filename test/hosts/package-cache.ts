// A proxy for the hosts' apt: packages, which never change, are kept on this machine's disk, so that the second host does
// not download what the first one did; everything else is passed on. Run as a program: ADDRESS PORT FOLDER.
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, stat } from 'node:fs/promises'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const [address = '127.0.0.1', port = '0', folder = '.'] = process.argv.slice(2)
const arriving = new Map<string, Promise<string>>()
await mkdir(folder, { recursive: true })

createServer((asked, answer) => {
  const url = asked.url ?? ''
  const served = asked.method === 'GET' && url.endsWith('.deb') ? serveKept(url, answer) : passOn(asked, url, answer)
  served.catch((error: unknown) => {
    process.stderr.write(`${url}: ${String(error)}\n`)
    if (!answer.headersSent) answer.writeHead(502)
    answer.end()
  })
}).listen(Number(port), address)

async function serveKept(url: string, answer: ServerResponse): Promise<void> {
  const file = join(folder, `${createHash('sha256').update(url).digest('hex')}.deb`)
  const known = await stat(file).catch(() => undefined)
  if (known === undefined) await (arriving.get(file) ?? download(url, file))
  const { size } = await stat(file)
  answer.writeHead(200, { 'content-type': 'application/vnd.debian.binary-package', 'content-length': size })
  await pipeline(createReadStream(file), answer)
}

/** Two hosts that want the same package at once wait for one download. */
async function download(url: string, file: string): Promise<string> {
  const work = (async () => {
    const partial = `${file}.${randomUUID()}`
    const got = await ask(url, { 'user-agent': 'butler-hosts' }, 'GET')
    if (got.statusCode !== 200) {
      got.resume()
      throw new Error(`The mirror answered ${got.statusCode}.`)
    }
    await pipeline(got, createWriteStream(partial))
    await rename(partial, file)
    return file
  })()
  arriving.set(file, work)
  try {
    return await work
  } finally {
    arriving.delete(file)
  }
}

async function passOn(asked: IncomingMessage, url: string, answer: ServerResponse): Promise<void> {
  const { 'proxy-connection': _, ...headers } = asked.headers
  const got = await ask(url, headers, asked.method ?? 'GET')
  answer.writeHead(got.statusCode ?? 502, got.headers)
  await pipeline(got, answer)
}

async function ask(url: string, headers: NodeJS.Dict<string | string[]>, method: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const sent = request(url, { method, headers: Object.fromEntries(Object.entries(headers).filter(isGiven)) }, resolve)
  sent.on('error', reject).end()
  return promise
}

function isGiven(entry: [string, string | string[] | undefined]): entry is [string, string | string[]] {
  return entry[1] !== undefined
}
