import { UserError } from '../errors.ts'
import { fact, type Fact } from './fact.ts'
import type { View } from './view.ts'

// Whether users and groups exist is asked by several subjects: files and services have owners.

/** Throws when the machine knows no such user, or ends the planning when an earlier change would make it. */
export async function requireUser(view: View, name: string): Promise<void> {
  if (isNumber(name) || (await view.fact(userExists(name)))) return
  view.missing({ kind: 'user', name })
  throw new UserError('unknown-user', `User ${name} is not available.`, {
    hint: 'Make it with user.present, and require that state here.',
  })
}

/** Throws when the machine knows no such group, or ends the planning when an earlier change would make it. */
export async function requireGroup(view: View, name: string): Promise<void> {
  if (isNumber(name) || (await view.fact(groupExists(name)))) return
  view.missing({ kind: 'group', name })
  throw new UserError('unknown-group', `Group ${name} is not available.`, {
    hint: 'Make it with group.present, and require that state here.',
  })
}

/** The home folder of a user, who must be there and have one. */
export async function homeOf(view: View, user: string): Promise<string> {
  await requireUser(view, user)
  const { stdout } = await view.query(['getent', 'passwd', user])
  const home = stdout.trim().split(':')[5] ?? ''
  if (home === '') throw new UserError('no-home', `The user '${user}' has no home folder.`)
  return home
}

function userExists(name: string): Fact<boolean> {
  return fact({
    name: `user ${name} exists`,
    stale: ['user'],
    read: async (view) => (await view.query(['id', '-u', name])).exitCode === 0,
  })
}

function groupExists(name: string): Fact<boolean> {
  return fact({
    name: `group ${name} exists`,
    stale: ['group', 'user'],
    async read(view) {
      const { exitCode } = await view.query(['getent', 'group', name])
      if (exitCode !== 127) return exitCode === 0
      // macOS has no getent.
      return (await view.query(['dscacheutil', '-q', 'group', '-a', 'name', name])).stdout.trim() !== ''
    },
  })
}

function isNumber(name: string): boolean {
  return /^\d+$/u.test(name)
}
