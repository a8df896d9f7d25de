import t from 'tap'
import { folder, holds, plan } from './applied.ts'

// What earlier states of a plan would make, later ones may count on: also when those themselves had to wait.

t.test('a chain of states, each waiting for the one before', async (t) => {
  const root = folder(t)
  const states = `
folder:
  file.directory:
    - name: ${root}/d
file:
  file.managed:
    - name: ${root}/d/f
    - contents: x
copy:
  file.copy:
    - name: ${root}/copy
    - source: ${root}/d/f
`
  t.match(await plan(states), [
    { result: null },
    { result: null, after: ['folder'] },
    { result: null, after: ['file'] },
  ])
  await holds(t, root, states)
})

t.test('what nobody makes is still missed', async (t) => {
  const root = folder(t)
  const states = `
folder:
  file.directory:
    - name: ${root}/d
file:
  file.managed:
    - name: ${root}/d/f
    - contents: x
lost:
  file.managed:
    - name: ${root}/ghost/f
    - contents: x
`
  t.match(await plan(states), [{ result: null }, { result: null }, { result: false, comment: /Parent directory/ }])
})

t.test('a command can make anything', async (t) => {
  const root = folder(t)
  const states = `
unpack:
  cmd.run:
    - name: mkdir ${root}/ghost
file:
  file.managed:
    - name: ${root}/ghost/f
    - contents: x
`
  t.match(await plan(states), [{ result: null }, { result: null, after: ['unpack'] }])
})
