import { fact, type Fact } from '../../core/module/fact.ts'

/** A line of the group database. */
export interface Group {
  name: string
  gid: number
  members: readonly string[]
}

/** The group, from wherever this machine looks groups up; `undefined` when there is none. */
export function groupFact(name: string): Fact<Group | undefined> {
  return fact({
    name: `group ${name}`,
    stale: ['group', 'user'],
    async read(view) {
      const { exitCode, stdout } = await view.query(['getent', 'group', name])
      return exitCode === 0 ? parseGroup(stdout) : undefined
    },
  })
}

/** `name:x:gid:member,member` */
export function parseGroup(line: string): Group | undefined {
  const [name, , gid, members = ''] = line.trim().split(':')
  if (name === undefined || gid === undefined) return undefined
  return { name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }
}
