import type { Module } from '../../core/module/module.ts'
import { formatted } from './formatted.ts'

const blockdev: Module = {
  summary: 'Block devices: disks, partitions, and images of them.',
  states: { 'blockdev.formatted': formatted },
  functions: {},
}

export default blockdev
