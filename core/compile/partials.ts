import type { Snapshot } from './snapshot.ts'
import type { Partials } from './template/partial.ts'

const FOLDER = 'states/'
const END = '.hbs'

/** The partials of a snapshot. */
export function partialsOf(snapshot: Snapshot): Partials {
  return {
    find: (name) => {
      const path = `${FOLDER}${name}${END}`
      const text = snapshot.text(path)
      return text === undefined ? undefined : { text, file: snapshot.shown(path) }
    },
    names: () =>
      snapshot.paths
        .filter((path) => path.startsWith(FOLDER) && path.endsWith(END))
        .map((path) => path.slice(FOLDER.length, -END.length)),
  }
}
