import { fact, type Fact } from '../../core/module/fact.ts'

/** A line of the user database. */
export interface User {
  name: string
  uid: number
  gid: number
  fullname: string
  /** The rest of the GECOS field: room, phones, other. */
  gecos: readonly string[]
  home: string
  shell: string
}

/** The user, from wherever this machine looks users up; `undefined` when there is none. */
export function userFact(name: string): Fact<User | undefined> {
  return fact({
    name: `user ${name}`,
    stale: ['user', 'group'],
    async read(view) {
      const { exitCode, stdout } = await view.query(['getent', 'passwd', name])
      return exitCode === 0 ? parsePasswd(stdout) : undefined
    },
  })
}

/** `name:x:uid:gid:gecos:home:shell` */
export function parsePasswd(line: string): User | undefined {
  const [name, , uid, gid, gecos = '', home = '', shell = ''] = line.trim().split(':')
  if (name === undefined || uid === undefined || gid === undefined) return undefined
  const [fullname = '', ...rest] = gecos.split(',')
  return { name, uid: Number(uid), gid: Number(gid), fullname, gecos: rest, home, shell }
}

/** The names of all groups that a user is in, its own first. */
export function membershipFact(name: string): Fact<readonly string[]> {
  return fact({
    name: `groups of ${name}`,
    stale: ['user', 'group'],
    async read(view) {
      const { exitCode, stdout } = await view.query(['id', '-Gn', name])
      return exitCode === 0 ? stdout.trim().split(/\s+/u) : []
    },
  })
}

/** The number of a group; `undefined` when there is no such group. */
export function gidFact(group: string): Fact<number | undefined> {
  return fact({
    name: `gid of ${group}`,
    stale: ['group', 'user'],
    async read(view) {
      const { exitCode, stdout } = await view.query(['getent', 'group', group])
      const gid = stdout.split(':')[2]
      return exitCode === 0 && gid !== undefined ? Number(gid) : undefined
    },
  })
}

/** The hash in the shadow database; `undefined` when it can't be read or there is none. */
export function hashFact(name: string): Fact<string | undefined> {
  return fact({
    name: `password hash of ${name}`,
    stale: ['user'],
    async read(view) {
      const { exitCode, stdout } = await view.query(['getent', 'shadow', name])
      return exitCode === 0 ? stdout.split(':')[1] : undefined
    },
  })
}
