import type { Module } from '../../core/module/module.ts'
import { caManaged } from './ca_managed.ts'
import { certificateManaged } from './certificate_managed.ts'
import { privateKeyManaged } from './private_key_managed.ts'

const x509: Module = {
  summary: "Keys, and certificates of the master's CA for services.",
  states: {
    'x509.private_key_managed': privateKeyManaged,
    'x509.certificate_managed': certificateManaged,
    'x509.ca_managed': caManaged,
  },
  functions: {},
}

export default x509
