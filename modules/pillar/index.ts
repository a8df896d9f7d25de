import type { Module } from '../../core/module/module.ts'
import { get } from './get.ts'
import { item } from './item.ts'
import { items } from './items.ts'
import { ls } from './ls.ts'

const pillar: Module = {
  summary: 'What a minion was told: the values that its roles and files give it.',
  states: {},
  functions: { 'pillar.items': items, 'pillar.get': get, 'pillar.item': item, 'pillar.ls': ls },
}

export default pillar
