import t from 'tap'
import { editDistance, nearest, suggest } from '../../../core/text/nearest.ts'

t.test('edits are counted, a swap of neighbours as one', async (t) => {
  t.equal(editDistance('deploy', 'deploy'), 0)
  t.equal(editDistance('deplyo', 'deploy'), 1)
  t.equal(editDistance('', 'abc'), 3)
  t.equal(editDistance('kitten', 'sitting'), 3)
})

t.test('what is near is named, what is not stays unnamed', async (t) => {
  t.equal(nearest('deplyo', ['validate', 'deploy']), 'deploy')
  t.equal(nearest('Contents', ['contents', 'content']), 'contents')
  t.equal(nearest('x', ['deploy']), undefined)
  t.equal(suggest('modee', ['mode', 'user']), "Did you mean 'mode'?")
  t.equal(suggest('zzzzz', ['mode', 'user']), 'There is: mode, user.')
  t.equal(suggest('zzzzz', []), undefined)
})
