import { catalogOf, type Catalog, type Module } from '../core/module/module.ts'
import cmd from './cmd/index.ts'
import consul from './consul/index.ts'
import file from './file/index.ts'
import test from './test/index.ts'

/** Every subject that Butler knows: the explicit registry. A test holds it and the folders together. */
export const modules: Readonly<Record<string, Module>> = { cmd, consul, file, test }

export const catalog: Catalog = catalogOf(Object.values(modules))
