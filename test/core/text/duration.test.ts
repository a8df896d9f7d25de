import t from 'tap'
import { formatDuration, parseDuration } from '../../../core/text/duration.ts'

t.test('durations as people write them', async (t) => {
  for (const [text, milliseconds] of [
    ['90', 90_000],
    ['90s', 90_000],
    ['250ms', 250],
    ['2m', 120_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
  ] as const) {
    t.equal(parseDuration(text), milliseconds, text)
  }
  for (const text of ['', 'soon', '5 minutes', '5x', '-5s']) {
    t.throws(() => parseDuration(text), { code: 'bad-duration' }, text)
  }
})

t.test('durations as people read them', async (t) => {
  t.equal(formatDuration(350), '350 ms')
  t.equal(formatDuration(12_340), '12.3 s')
  t.equal(formatDuration(125_000), '2 m 5 s')
  t.equal(formatDuration(12_000_000), '3 h 20 m')
  t.equal(formatDuration(4 * 86_400_000 + 7_200_000), '4 d 2 h')
  t.equal(formatDuration(3_600_000), '1 h')
})
