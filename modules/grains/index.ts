import type { Module } from '../../core/module/module.ts'
import { get } from './get.ts'
import { item } from './item.ts'
import { items } from './items.ts'
import { ls } from './ls.ts'

const grains: Module = {
  summary: 'What a machine is: its system, its addresses, its roles.',
  states: {},
  functions: { 'grains.items': items, 'grains.get': get, 'grains.item': item, 'grains.ls': ls },
}

export default grains
