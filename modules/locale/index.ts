import type { Module } from '../../core/module/module.ts'
import { present } from './present.ts'
import { system } from './system.ts'

const locale: Module = {
  summary: 'Locales: how programs write numbers, dates and letters.',
  states: { 'locale.present': present, 'locale.system': system },
  functions: {},
}

export default locale
