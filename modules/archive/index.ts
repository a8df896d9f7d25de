import type { Module } from '../../core/module/module.ts'
import { extracted } from './extracted.ts'

const archive: Module = {
  summary: 'Archives: tar (plain, gzip, xz, bzip2, zstd) and zip.',
  states: { 'archive.extracted': extracted },
  functions: {},
}

export default archive
