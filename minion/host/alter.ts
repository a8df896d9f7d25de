import {
  appendFileSync,
  chmodSync,
  closeSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Host } from '../../core/module/host.ts'
import type { View } from '../../core/module/view.ts'
import type { Accounts } from './accounts.ts'
import type { Fence } from './confine.ts'
import { attempt } from './failure.ts'
import { replaceFile, replaceLink } from './replace.ts'

type Altering = Omit<Host, keyof View | 'run' | 'certify'>

/** Everything that changes files. Each act asks the fence first. */
export function altering(fence: Fence, accounts: Accounts): Altering {
  const act = (what: string, work: () => void): void => {
    try {
      attempt(what, work)
    } finally {
      accounts.doubt()
    }
  }
  return {
    write: async (path, content, options = {}) => {
      fence.entry(path)
      const uid = options.user === undefined ? undefined : accounts.uidOf(options.user)
      const gid = options.group === undefined ? undefined : accounts.gidOf(options.group)
      act(`write ${path}`, () => replaceFile(path, content, { mode: octal(options.mode), uid, gid }))
    },
    append: async (path, content) => {
      fence.content(path)
      act(`write ${path}`, () => appendFileSync(path, content))
    },
    mkdir: async (path, options = {}) => {
      fence.entry(path)
      act(`make the directory ${path}`, () => {
        if (options.parents) mkdirSync(dirname(path), { recursive: true })
        if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
        mkdirSync(path)
        // mkdir's own mode is cut by the umask
        if (options.mode !== undefined) chmodSync(path, Number.parseInt(options.mode, 8))
      })
    },
    symlink: async (target, path) => {
      fence.entry(path)
      act(`make the link ${path}`, () => replaceLink(path, target))
    },
    rename: async (from, to) => {
      fence.entry(from)
      fence.entry(to)
      act(`rename ${from} to ${to}`, () => renameSync(from, to))
    },
    remove: async (path) => {
      fence.entry(path)
      act(`remove ${path}`, () => rmSync(path, { recursive: true, force: true }))
    },
    chmod: async (path, mode) => {
      fence.content(path)
      act(`set the mode of ${path}`, () => chmodSync(path, Number.parseInt(mode, 8)))
    },
    chown: async (path, user, group) => {
      fence.entry(path)
      const uid = user === undefined ? undefined : accounts.uidOf(user)
      const gid = group === undefined ? undefined : accounts.gidOf(group)
      act(`set the owner of ${path}`, () => {
        const now = lstatSync(path)
        lchownSync(path, uid ?? now.uid, gid ?? now.gid)
      })
    },
    touch: async (path, options = {}) => {
      fence.content(path)
      const now = new Date()
      act(`touch ${path}`, () => {
        if (statSync(path, { throwIfNoEntry: false }) === undefined) closeSync(openSync(path, 'a'))
        utimesSync(path, options.atime ?? now, options.mtime ?? now)
      })
    },
  }
}

function octal(mode: string | undefined): number | undefined {
  return mode === undefined ? undefined : Number.parseInt(mode, 8)
}
