import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'

export interface Account {
  name: string
  uid: number
  gid: number
  home: string
  shell: string
}

/** The machine's users and groups: its own files first, then what `getent` knows (LDAP and the like). */
export interface Accounts {
  user(nameOrUid: string | number): Account | undefined
  group(nameOrGid: string | number): { name: string; gid: number } | undefined
  /** Throws the `UserError` `unknown-user`. */
  needUser(name: string): Account
  /** Number of a user or group that is named or numbered; throws `unknown-user` or `unknown-group`. */
  uidOf(user: string): number
  gidOf(group: string): number
  /** Something was done to the machine, so that what is known of its accounts may have become outdated. */
  doubt(): void
}

export function createAccounts(files = { passwd: '/etc/passwd', group: '/etc/group' }): Accounts {
  const users = database(files.passwd, 'passwd', parseUser)
  const groups = database(files.group, 'group', parseGroup)
  const needUser = (name: string): Account => {
    const account = users.find(name)
    if (account === undefined) throw unknown('user', name, users.names())
    return account
  }
  return {
    doubt: () => {
      users.doubt()
      groups.doubt()
    },
    user: (key) => users.find(key),
    group: (key) => groups.find(key),
    needUser,
    uidOf: (user) => (isNumber(user) ? Number(user) : needUser(user).uid),
    gidOf: (group) => {
      if (isNumber(group)) return Number(group)
      const found = groups.find(group)
      if (found === undefined) throw unknown('group', group, groups.names())
      return found.gid
    },
  }
}

interface Database<Row> {
  find(key: string | number): Row | undefined
  names(): string[]
  doubt(): void
}

/**
 * One of the colon files, since states make users while a run goes on: looked at again when something was done to the
 * machine, and read again when it has changed. Every file's owner is looked up here.
 */
function database<Row extends { name: string }>(
  file: string,
  name: string,
  parse: (line: string) => { row: Row; number: number } | undefined,
): Database<Row> {
  let stamp = ''
  let doubtful = true
  const rows = new Map<string | number, Row>()
  const elsewhere = new Map<string | number, Row | undefined>()
  const refresh = (): void => {
    if (!doubtful) return
    doubtful = false
    const now = stampOf(file)
    if (now === stamp) return
    stamp = now
    rows.clear()
    elsewhere.clear()
    for (const line of linesOf(file)) {
      const parsed = parse(line)
      if (parsed === undefined) continue
      if (!rows.has(parsed.row.name)) rows.set(parsed.row.name, parsed.row)
      if (!rows.has(parsed.number)) rows.set(parsed.number, parsed.row)
    }
  }
  return {
    find: (key) => {
      refresh()
      const known = rows.get(key)
      if (known !== undefined) return known
      if (!elsewhere.has(key)) elsewhere.set(key, parse(getent(name, key))?.row)
      return elsewhere.get(key)
    },
    doubt: () => {
      doubtful = true
    },
    names: () => [...rows.keys()].filter((key) => typeof key === 'string'),
  }
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return found === undefined ? 'none' : `${found.ino} ${found.mtimeMs} ${found.size}`
}

function linesOf(file: string): string[] {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? [] : readFileSync(file, 'utf8').split('\n')
}

function getent(name: string, key: string | number): string {
  const asked = spawnSync('getent', [name, String(key)], { encoding: 'utf8', timeout: 10_000 })
  return asked.status === 0 ? (asked.stdout.split('\n')[0] ?? '') : ''
}

function parseUser(line: string): { row: Account; number: number } | undefined {
  const [name = '', , uid = '', gid = '', , home = '/', shell = '/bin/sh'] = line.split(':')
  if (name === '' || name.startsWith('#') || !isNumber(uid) || !isNumber(gid)) return undefined
  return { row: { name, uid: Number(uid), gid: Number(gid), home, shell }, number: Number(uid) }
}

function parseGroup(line: string): { row: { name: string; gid: number }; number: number } | undefined {
  const [name = '', , gid = ''] = line.split(':')
  if (name === '' || name.startsWith('#') || !isNumber(gid)) return undefined
  return { row: { name, gid: Number(gid) }, number: Number(gid) }
}

function isNumber(text: string): boolean {
  return /^\d+$/u.test(text)
}

function unknown(what: 'user' | 'group', name: string, known: readonly string[]): UserError {
  return new UserError(`unknown-${what}`, `There is no ${what} '${name}' on this machine.`, {
    hint: suggest(name, known) ?? `Make it with ${what}.present, and require that state.`,
  })
}
