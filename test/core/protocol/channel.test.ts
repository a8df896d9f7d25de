import t from 'tap'
import type { Ask } from '../../../core/protocol/messages.ts'
import { Channel, MAX_OUTSTANDING, type Answerers, type Transport } from '../../../core/protocol/channel.ts'
import { parseFrame } from '../../../core/protocol/frame.ts'
import { UserError, UserErrors } from '../../../core/errors.ts'

interface Up {
  add: Ask<{ numbers: number[] }, { sum: number }>
  fail: Ask<{ how: 'one' | 'many' | 'bug' }, null>
  never: Ask<null, null>
}
interface Down {
  name: Ask<null, { name: string }>
}

/** Two transports that hand texts to each other, a microtask later. */
function pair(): [Transport & { texts: string[] }, Transport] {
  const ends = [0, 1].map(() => ({
    texts: [] as string[],
    listener: undefined as Parameters<Transport['listen']>[0] | undefined,
  }))
  const make = (own: number): Transport & { texts: string[] } => {
    const mine = ends[own]
    const other = ends[1 - own]
    if (mine === undefined || other === undefined) throw new Error('there are two ends')
    return {
      texts: mine.texts,
      send: (text) => {
        mine.texts.push(text)
        queueMicrotask(() => other.listener?.text(text))
      },
      close: (cause) =>
        queueMicrotask(() => {
          mine.listener?.closed(cause)
          other.listener?.closed(cause)
        }),
      listen: (listener) => {
        mine.listener = listener
      },
    }
  }
  return [make(0), make(1)]
}

const answerers: Answerers<Up> = {
  add: async ({ numbers }) => ({ sum: numbers.reduce((sum, number) => sum + number, 0) }),
  fail: async ({ how }) => {
    const errors = [
      new UserError('a', 'A.', { hint: 'Do this.', at: { file: 'x', line: 1 } }),
      new UserError('b', 'B.'),
    ]
    if (how === 'many') throw new UserErrors(errors)
    if (how === 'one') throw errors[0] ?? new Error('there is one')
    throw new TypeError('inner secret detail')
  },
  never: () => new Promise(() => {}),
}

function connect(bugs: unknown[] = []): { up: Channel<Up, Down>; down: Channel<Down, Up>; texts: string[] } {
  const [left, right] = pair()
  const down = new Channel<Down, Up>(right, answerers, { onBug: (error) => bugs.push(error) })
  const up = new Channel<Up, Down>(left, { name: async () => ({ name: 'up' }) })
  return { up, down, texts: left.texts }
}

const ask = { timeoutMs: 5000 }

t.test('both ends ask and answer at once', async (t) => {
  const { up, down } = connect()
  const [sum, name] = await Promise.all([up.ask('add', { numbers: [1, 2, 3] }, ask), down.ask('name', null, ask)])
  t.strictSame([sum, name], [{ sum: 6 }, { name: 'up' }])
})

t.test('an error comes back with its hint and place, several as several', async (t) => {
  const { up } = connect()
  await t.rejects(up.ask('fail', { how: 'one' }, ask), {
    code: 'a',
    message: 'A.',
    hint: 'Do this.',
    at: { file: 'x', line: 1 },
  })
  const many = await up.ask('fail', { how: 'many' }, ask).catch((error: unknown) => error)
  t.ok(many instanceof UserErrors)
  t.strictSame(many instanceof UserErrors && many.errors.map((error) => error.code), ['a', 'b'])
})

t.test('a bug is told to its own side, and only that it was one to the other', async (t) => {
  const bugs: unknown[] = []
  const { up } = connect(bugs)
  const error: unknown = await up.ask('fail', { how: 'bug' }, ask).catch((error: unknown) => error)
  t.match(error, { code: 'bug' })
  t.notMatch(String(error), /inner secret detail/u)
  t.match(bugs, [{ message: 'inner secret detail' }])
})

t.test('a question from a newer program is refused by name', async (t) => {
  const [left, right] = pair()
  const down = new Channel<Down, Pick<Up, 'add'>>(right, { add: answerers.add })
  const up = new Channel<Up, Down>(left, { name: async () => ({ name: 'up' }) })
  await t.rejects(up.ask('never', null, ask), { code: 'unknown-question', message: /'never'/u })
  down.close('done')
})

t.test('no answer in time, and the late one harms nothing', async (t) => {
  const { up } = connect()
  await t.rejects(up.ask('never', null, { timeoutMs: 1 }), { code: 'no-answer' })
  t.strictSame(await up.ask('add', { numbers: [] }, ask), { sum: 0 })
})

t.test('the end of the connection ends every question, with the cause', async (t) => {
  const { up, down } = connect()
  const asked = up.ask('never', null, ask)
  down.close('the key was revoked')
  await t.rejects(asked, { code: 'connection-lost', message: /the key was revoked/u })
  t.equal(await up.closed, 'the key was revoked')
  t.equal(await down.closed, 'the key was revoked')
  await t.rejects(up.ask('add', { numbers: [] }, ask), { code: 'connection-lost' })
})

t.test('only so many questions wait at once', async (t) => {
  const { up } = connect()
  const asked = Array.from({ length: MAX_OUTSTANDING }, () => up.ask('never', null, ask).catch(() => 'ended'))
  await t.rejects(up.ask('never', null, ask), { code: 'too-many-questions' })
  up.close('done')
  await Promise.all(asked)
})

t.test('what is no frame ends the connection', async (t) => {
  const [left, right] = pair()
  const up = new Channel<Up, Down>(left, { name: async () => ({ name: 'up' }) })
  right.send('hello?')
  t.match(await up.closed, /no frame/u)
})

t.test('an argument that the parser refuses never reaches who answers', async (t) => {
  const [left, right] = pair()
  const down = new Channel<Down, Up>(right, answerers, {
    parsers: {
      add: () => {
        throw new UserError('bad-message', 'Numbers only.')
      },
    },
  })
  const up = new Channel<Up, Down>(left, { name: async () => ({ name: 'up' }) })
  await t.rejects(up.ask('add', { numbers: [] }, ask), { code: 'bad-message' })
  down.close('done')
})

t.test('frames are read strictly', async (t) => {
  for (const text of [
    '',
    '[]',
    '3',
    '{}',
    '{"id":"1","ok":1}',
    '{"id":1}',
    '{"id":1.5,"ok":1}',
    '{"id":1,"error":{}}',
  ]) {
    t.equal(parseFrame(text), undefined, text)
  }
  t.strictSame(parseFrame('{"id":1,"ok":null}'), { id: 1, ok: null })
  t.strictSame(parseFrame('{"id":1,"ask":"x"}'), { id: 1, ask: 'x', body: null })
})
