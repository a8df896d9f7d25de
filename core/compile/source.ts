import type { Document } from 'yaml'
import type { YamlNode } from '../text/yaml/node.ts'
import { fileText } from '../text/mapped.ts'
import { readDocument } from '../text/yaml/read.ts'
import { parseSyntax } from '../text/yaml/syntax.ts'
import { Memory } from './memory.ts'
import type { Context } from './template.ts'
import { isTemplate, renderYaml } from './template.ts'

// Parsing costs more than all the rest. A fleet's minions share their files, and even of rendered ones the syntax: a
// template's values stand in it as marks.
const trees = new Memory<YamlNode>(16 * 1024 * 1024)
const syntaxes = new Memory<Document.Parsed>(16 * 1024 * 1024)

/**
 * Renders a file that is a template and reads its YAML, places kept through both. Throws `UserErrors`.
 * @param file how errors name it
 */
export function readSource(text: string, file: string, context: Context): YamlNode {
  if (!isTemplate(text)) {
    const source = fileText(file, text)
    return trees.get(`${file}\n${text}`, () => readDocument(source, parseSyntax(source)))
  }
  const rendered = renderYaml(text, file, context)
  return readDocument(
    rendered,
    syntaxes.get(rendered.text, () => parseSyntax(rendered)),
  )
}
