import type { View } from './view.ts'

/** A file's content as text; `undefined` when nothing lies there. */
export async function readText(view: View, path: string): Promise<string | undefined> {
  const content = await view.read(path)
  return content === undefined ? undefined : new TextDecoder().decode(content)
}
