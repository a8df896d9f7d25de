import t from 'tap'
import { diffOf } from '../../../core/text/diff.ts'

t.test('unified, as Salt shows it', async (t) => {
  t.equal(diffOf('old\n', 'new\n'), '--- \n+++ \n@@ -1 +1 @@\n-old\n+new\n')
  t.equal(diffOf('a\nc\n', 'a\nb\nc\n'), '--- \n+++ \n@@ -1,2 +1,3 @@\n a\n+b\n c\n')
  t.equal(diffOf('', 'one\n'), '--- \n+++ \n@@ -0,0 +1 @@\n+one\n')
  t.equal(diffOf('same\n', 'same\n'), '')
})

t.test('what is no text, or too long, is not compared line by line', async (t) => {
  const [text, binary] = [new TextEncoder().encode('text'), Uint8Array.of(0, 255)]
  t.equal(diffOf(text, binary), 'Replace text file with binary file')
  t.equal(diffOf(binary, text), 'Replace binary file with text file')
  t.equal(diffOf(binary, Uint8Array.of(0)), 'Binary files differ')
  t.match(diffOf('a'.repeat(300_000), 'b'.repeat(300_000)), /^Replaced 300000 characters/)
})
