import type { Module } from '../module/module.ts'
import { contentsPage } from './contents.ts'
import { subjectPage } from './page.ts'

/** The whole reference: each page by the name of its file. */
export function pagesOf(modules: Readonly<Record<string, Module>>): Readonly<Record<string, string>> {
  const pages = Object.entries(modules).map(([subject, module]) => [`${subject}.md`, subjectPage(subject, module)])
  return { 'README.md': contentsPage(modules), ...Object.fromEntries(pages) }
}
