import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { append } from './append.ts'
import { blockreplace } from './blockreplace.ts'
import { comment } from './comment.ts'
import { copy } from './copy.ts'
import { directory } from './directory.ts'
import { directoryExists } from './directory_exists.ts'
import { exists } from './exists.ts'
import { fileExists } from './file_exists.ts'
import { keyvalue } from './keyvalue.ts'
import { line } from './line.ts'
import { managed } from './managed.ts'
import { missing } from './missing.ts'
import { prepend } from './prepend.ts'
import { read } from './read.ts'
import { recurse } from './recurse.ts'
import { rename } from './rename.ts'
import { replace } from './replace.ts'
import { serialize } from './serialize.ts'
import { stats } from './stats.ts'
import { symlink } from './symlink.ts'
import { touch } from './touch.ts'
import { uncomment } from './uncomment.ts'

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
    'file.serialize': serialize,
    'file.copy': copy,
    'file.touch': touch,
    'file.uncomment': uncomment,
    'file.rename': rename,
    'file.missing': missing,
    'file.exists': exists,
    'file.comment': comment,
  },
  functions: {
    'file.read': read,
    'file.stats': stats,
    'file.file_exists': fileExists,
    'file.directory_exists': directoryExists,
  },
}

export default file
