import t from 'tap'
import { isWithin, joinPath, nameOf, parentOf, trimSlashes } from '../../../core/module/path.ts'

t.test('paths of a minion', async (t) => {
  t.strictSame(['/a/b', '/a/', '/a', '/'].map(parentOf), ['/a', '/', '/', '/'])
  t.strictSame(['/a/b', '/a/', '/'].map(nameOf), ['b', 'a', ''])
  t.strictSame(
    [
      ['/a', 'b/../c'],
      ['/a/b', '../../../x'],
      ['/a', '/x/./y'],
    ].map(([folder = '', path = '']) => joinPath(folder, path)),
    ['/a/c', '/x', '/x/y'],
  )
  t.ok(isWithin('/a', '/a/b') && isWithin('/a/', '/a') && isWithin('/', '/x'))
  t.notOk(isWithin('/a', '/ab'))
  t.strictSame(['/a//', '/', '//'].map(trimSlashes), ['/a', '/', '/'])
})
