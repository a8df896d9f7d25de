import type { Module } from '../../core/module/module.ts'
import { getHostname } from './get_hostname.ts'
import { interfaces } from './interfaces.ts'
import { ipAddrs } from './ip_addrs.ts'

const network: Module = {
  summary: 'Addresses and names of a machine.',
  states: {},
  functions: {
    'network.ip_addrs': ipAddrs,
    'network.interfaces': interfaces,
    'network.get_hostname': getHostname,
  },
}

export default network
