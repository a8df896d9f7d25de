import t from 'tap'
import { lineOf, parseKey, withKey } from '../../../modules/ssh_auth/keys.ts'

const BLOB = `AAAAC3NzaC1lZDI1NTE5AAAAIJ${'1'.repeat(42)}`
const LINE = `from="10.0.0.0/24",command="echo ssh-rsa x" ssh-ed25519 ${BLOB} an operator`

t.test('options may hold spaces and words that look like a key', async (t) => {
  const key = parseKey(LINE)
  t.match(key, { options: /^from=.*"$/u, type: 'ssh-ed25519', blob: BLOB, comment: 'an operator' })
  t.equal(key && lineOf(key), LINE)
})

t.test('what is no key is none', async (t) => {
  for (const line of ['', '# ssh-rsa AAAA', 'ssh-rsa', 'hello world']) t.equal(parseKey(line), undefined, line)
})

t.test('a key takes the place of the same key, whatever its comment; others stay', async (t) => {
  const text = `# mine\nssh-ed25519 ${BLOB} old name\nssh-rsa AAAAB3NzaC1yc2E= other\n`
  const key = parseKey(`ssh-ed25519 ${BLOB} new name`)
  t.equal(withKey(text, BLOB, key), text.replace('old name', 'new name'))
  t.equal(withKey(text, BLOB, undefined), '# mine\nssh-rsa AAAAB3NzaC1yc2E= other\n')
  t.equal(withKey('', BLOB, key), `ssh-ed25519 ${BLOB} new name\n`)
})
