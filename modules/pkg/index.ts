import type { Module } from '../../core/module/module.ts'
import { held } from './held.ts'
import { installed } from './installed.ts'
import { latest } from './latest.ts'
import { listPkgs } from './list_pkgs.ts'
import { purged } from './purged.ts'
import { removed } from './removed.ts'
import { uptodate } from './uptodate.ts'
import { unheld } from './unheld.ts'
import { version } from './version.ts'

const pkg: Module = {
  summary: 'Packages of the operating system: apt and dnf.',
  states: {
    'pkg.installed': installed,
    'pkg.latest': latest,
    'pkg.uptodate': uptodate,
    'pkg.removed': removed,
    'pkg.purged': purged,
    'pkg.held': held,
    'pkg.unheld': unheld,
  },
  functions: {
    'pkg.version': version,
    'pkg.list_pkgs': listPkgs,
  },
}

export default pkg
