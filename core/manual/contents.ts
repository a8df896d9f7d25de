import type { Module } from '../module/module.ts'

/** The first page of the reference: all states and functions, each with a sentence and the way to its entry. */
export function contentsPage(modules: Readonly<Record<string, Module>>): string {
  const subjects = Object.entries(modules).map(([subject, { summary, states, functions }]) => {
    const lines = [
      ...Object.entries(states).map(([name, one]) => `- [${name}](${subject}.md#${anchor(name)}): ${one.summary}`),
      ...Object.entries(functions).map(([name, one]) => {
        // A state of the same name has the plain anchor.
        const which = Object.hasOwn(states, name) ? '-1' : ''
        return `- [${name}](${subject}.md#${anchor(name)}${which}) (function): ${one.summary}`
      }),
    ]
    return `## [${subject}](${subject}.md)\n\n${summary}\n\n${lines.join('\n')}`
  })
  return `${['# States and execution functions', INTRODUCTION, ...subjects].join('\n\n')}\n`
}

const INTRODUCTION = `Written by \`butler-call docs --to docs/reference\` from the definitions in the code. What every state takes besides its own
arguments (requisites, guards, \`retry\` and the like) is in [the guide to the language](../language.md#guards-and-globals).

The example of a state is a state file as it stands: write one to \`states/try.yaml\`, and

    butler-call --local --file-root . plan try

says what it would change, and touches nothing.`

function anchor(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_-]/gu, '')
}
