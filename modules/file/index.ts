import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { append } from './append.ts'
import { blockreplace } from './blockreplace.ts'
import { copy } from './copy.ts'
import { directory } from './directory.ts'
import { directoryExists } from './directory_exists.ts'
import { fileExists } from './file_exists.ts'
import { read } from './read.ts'
import { stats } from './stats.ts'
import { keyvalue } from './keyvalue.ts'
import { line } from './line.ts'
import { managed } from './managed.ts'
import { prepend } from './prepend.ts'
import { recurse } from './recurse.ts'
import { replace } from './replace.ts'
import { symlink } from './symlink.ts'
import { touch } from './touch.ts'

const file: Module = {
  summary: 'Files, folders and links: their content, owners and permissions.',
  states: {
    'file.managed': managed,
    'file.directory': directory,
    'file.absent': absent,
    'file.symlink': symlink,
    'file.recurse': recurse,
    'file.append': append,
    'file.prepend': prepend,
    'file.replace': replace,
    'file.line': line,
    'file.blockreplace': blockreplace,
    'file.keyvalue': keyvalue,
    'file.copy': copy,
    'file.touch': touch,
  },
  functions: {
    'file.read': read,
    'file.stats': stats,
    'file.file_exists': fileExists,
    'file.directory_exists': directoryExists,
  },
}

export default file
