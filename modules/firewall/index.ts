import type { Module } from '../../core/module/module.ts'
import { managed } from './managed.ts'

const firewall: Module = {
  summary: 'The firewall of this machine, by nftables.',
  states: { 'firewall.managed': managed },
  functions: {},
}

export default firewall
