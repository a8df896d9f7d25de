import { parse, stringify } from 'yaml'
import type { Data } from '../../data.ts'

// For who loads the library only when it is asked for, which takes as long as Node itself: by `import()` of this file. Of the
// library's own `import()` a bundle makes something else.

/** Quoted where a reader of YAML 1.1 (Salt, Ansible, Python's) could take a text for something else: for them `no` is false. */
export function printYaml(data: Data): string {
  return stringify(data, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 })
}

/** The data of a document. Throws the library's own error. */
export function parseYaml(text: string): Data {
  return parse(text) as Data
}
