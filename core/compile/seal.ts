import type { Data, DataMap } from '../data.ts'
import { DOTS, hasSecretMarker, sayingSecrets, sealSecrets, secretNames } from '../secret.ts'
import type { Draft } from './draft.ts'
import type { LowChunk, Requisite } from './low.ts'
import { REQUISITE_KINDS } from './low.ts'
import type { Links } from './requisites.ts'

/** The finished chunks in run order, with secrets as references, and the names of those secrets. */
export function sealChunks(
  drafts: readonly Draft[],
  args: readonly (DataMap | undefined)[],
  links: readonly Links[],
  order: readonly number[],
): { chunks: LowChunk[]; secrets: string[] } {
  const positions = new Map(order.map((draft, position) => [draft, position]))
  const secrets = new Set<string>()
  const seal = <T extends object>(data: T): T => {
    // Chunks are plain data; sealing keeps their shape but for the texts that hold a secret.
    const plain = data as unknown as Data
    if (!hasSecretMarker(JSON.stringify(plain))) return data
    const sealed = sealSecrets(plain)
    for (const name of secretNames(sealed)) secrets.add(name)
    return sealed as unknown as T
  }
  const chunks = order.flatMap((index): LowChunk[] => {
    const draft = drafts[index]
    if (draft === undefined) return []
    return [
      {
        id: withoutSecrets(draft.id),
        function: draft.function,
        name: withoutSecrets(draft.name),
        sls: draft.sls,
        args: seal(args[index] ?? {}),
        requisites: requisitesOf(links[index], positions),
        guards: seal(draft.guards),
        options: seal(draft.options),
        at: draft.at,
      },
    ]
  })
  return { chunks, secrets: [...secrets].toSorted() }
}

function requisitesOf(links: Links | undefined, positions: ReadonlyMap<number, number>): Requisite[] {
  return REQUISITE_KINDS.flatMap((kind) => {
    const found = links?.get(kind)
    if (found === undefined) return []
    return [
      {
        kind,
        targets: [...found.keys()].flatMap((draft) => positions.get(draft) ?? []).toSorted((one, other) => one - other),
      },
    ]
  })
}

/** A name is shown everywhere: a secret in it is dots there, and only the argument holds the reference. */
function withoutSecrets(text: string): string {
  return sayingSecrets(text, () => DOTS)
}
