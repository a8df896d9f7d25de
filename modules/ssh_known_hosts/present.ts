import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, oneOf, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import {
  about,
  fingerprintOf,
  type HostKey,
  keyFor,
  lineOf,
  nameIn,
  readKnownHosts,
  withoutHost,
  writeKnownHosts,
} from './file.ts'

const TYPES = ['ssh-ed25519', 'ssh-rsa', 'ssh-dss', 'ecdsa', 'ecdsa-sha2-nistp256'] as const

const wanted = () =>
  args({
    ...about,
    key: text('Its public key in base64, or with the kind before it. Else the machine is asked for it.').optional(),
    enc: oneOf(TYPES, 'The kind of the key.').optional(),
    fingerprint: text(
      'What the fingerprint of the key must be, as `ssh-keygen -l` prints it. Without it and without `key`, a machine that is not known yet is believed.',
    ).optional(),
    fingerprint_hash_type: oneOf(['sha256', 'md5'], 'What kind of fingerprint that is.').default('sha256'),
    hash_known_hosts: flag('Whether the name is written so that nobody can read it.').default(true),
  })

type Want = ArgsOf<typeof wanted>

export const present = state({
  summary: 'The key of this machine is known to ssh. Another key of the same kind is replaced.',
  args: wanted,
  reports: { key: 'Kind and fingerprint before and after.' },
  example: `
    git.example.org:
      ssh_known_hosts.present:
        - user: root
        - enc: ssh-ed25519
        - key: AAAAC3NzaC1lZDI1NTE5AAAAIJ0000000000000000000000000000000000000000
  `,
  makes: () => [],
  async *plan(view, want) {
    const file = await readKnownHosts(view, want)
    const name = nameIn(want)
    const known = file.lines.flatMap((line) => keyFor(line, name) ?? [])
    const key = await wantedKey(view, want, known)
    if (known.some(({ type, blob }) => type === key.type && blob === key.blob)) {
      return yield* planOf([], `Host ${want.name} is already in ${file.path}`)
    }
    const old = known.find(({ type }) => type === key.type)
    const shows = { old: old === undefined ? '' : shown(old), new: shown(key) }
    yield change('key', shows, [{ kind: 'path', name: file.path }], async (host) => {
      // Read again: several states of a run write to it, one after the other.
      const now = await readKnownHosts(host, want)
      const kept = now.lines.flatMap((line) => {
        return keyFor(line, name)?.type === key.type ? (withoutHost(line, name) ?? []) : [line]
      })
      await writeKnownHosts(host, now, [...kept, lineOf(name, key, want.hash_known_hosts)])
    })
    return ''
  },
})

function shown(key: HostKey): string {
  return `${key.type} SHA256:${fingerprintOf(key, 'sha256')}`
}

async function wantedKey(view: View, want: Want, known: readonly HostKey[]): Promise<HostKey> {
  if (want.key !== undefined) return checked(keyOf(want.key, want), want)
  const fitting = known.filter(({ type }) => want.enc === undefined || type.startsWith(want.enc))
  const old = want.fingerprint === undefined ? fitting[0] : fitting.find((key) => fits(key, want, want.fingerprint))
  if (old !== undefined) return old
  const asked = await keysOf(view, want)
  const { fingerprint } = want
  const [first] = fingerprint === undefined ? asked : asked.filter((key) => fits(key, want, fingerprint))
  if (first !== undefined) return first
  throw new UserError(
    'wrong-fingerprint',
    `${nameIn(want)} has no key with the fingerprint ${fingerprint}: it has ${asked.map(shown).join(', ')}.`,
    {
      hint: 'Either the fingerprint is an old one, or somebody else answers in its place: make sure before you change it.',
    },
  )
}

function keyOf(given: string, { enc }: Want): HostKey {
  const [first = '', second] = given.trim().split(/\s+/u)
  const type = second === undefined ? enc : first
  const blob = second ?? first
  if (type === undefined || !/^[A-Za-z0-9+/]{16,}=*$/u.test(blob)) {
    throw new UserError('bad-key', `'${given.slice(0, 60)}' is no key of a machine.`, {
      hint: 'Give its kind too: `enc: ssh-ed25519`, or `key: ssh-ed25519 AAAA...`.',
    })
  }
  return { type, blob }
}

function checked(key: HostKey, want: Want): HostKey {
  if (want.fingerprint === undefined || fits(key, want, want.fingerprint)) return key
  throw new UserError(
    'wrong-fingerprint',
    `The key given for ${want.name} has not the fingerprint ${want.fingerprint}.`,
    {
      hint: `Its own is SHA256:${fingerprintOf(key, 'sha256')}.`,
    },
  )
}

function fits(key: HostKey, { fingerprint_hash_type: kind }: Want, fingerprint: string | undefined): boolean {
  const bare = fingerprint?.replace(/^(?:SHA256|MD5):/u, '').replace(/=+$/u, '')
  return bare === fingerprintOf(key, kind)
}

/** What the machine says its keys are. */
async function keysOf(view: View, want: Want): Promise<HostKey[]> {
  const kind = want.enc?.replace(/^ssh-/u, '').replace(/-.*$/u, '')
  const words = ['-T', '10', '-p', String(want.port), ...(kind === undefined ? [] : ['-t', kind]), '--', want.name]
  const { exitCode, stdout, stderr } = await view.query(['ssh-keyscan', ...words])
  if (exitCode === 127) {
    view.missing({ kind: 'package', name: 'openssh-client' })
    throw new UserError('no-keyscan', 'This machine has no ssh-keyscan, so it can ask for no keys.', {
      hint: 'Install openssh-client with pkg.installed and require that, or give the `key`.',
    })
  }
  const keys = stdout.split('\n').flatMap((line) => {
    const [, type, blob] = line.startsWith('#') ? [] : line.split(/\s+/u)
    return type === undefined || blob === undefined ? [] : [{ type, blob }]
  })
  if (keys.length > 0) return keys
  throw new UserError('no-answer', `${nameIn(want)} told no key: ${stderr.trim() || 'it does not answer'}`, {
    hint: 'Does its ssh run, and does this machine reach it? Or give the `key`.',
  })
}
