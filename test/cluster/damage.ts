import type { LowChunk } from '../../core/compile/low.ts'
import type { Random } from '../random.ts'

/** Something done to a host behind its back. */
export interface Damage {
  /** The damaged state, as `id function`. */
  state: string
  /** The shell line that does it. */
  line: string
  /** All that a run must do to mend it: the state itself, and those that watch it. In run order. */
  mends: string[]
  /** Whether hosts apart from this one lose something too, as by the loss of a database: a highstate of all mends it. */
  elsewhere: boolean
}

/** Every damage that can be done to a host, from what it is meant to be. */
export function everyDamage(chunks: readonly LowChunk[]): Damage[] {
  return chunks.flatMap((chunk, position) =>
    linesFor(chunk).map((line) => ({
      state: nameOf(chunk),
      line,
      mends: mendsOf(chunks, position),
      elsewhere: chunk.function === 'postgres_database.present',
    })),
  )
}

/** Draws what to break: of any state, or of a certain one (`id function`). */
export function drawDamage(chunks: readonly LowChunk[], random: Random, only?: string): Damage {
  const choices = everyDamage(chunks).filter(({ state }) => only === undefined || state === only)
  const drawn = choices[random(choices.length)]
  if (drawn === undefined) throw new Error('There is nothing on this host that could be damaged.')
  return drawn
}

function linesFor({ function: name, name: what, args }: LowChunk): string[] {
  const target = quoted(what)
  const database = 'cd / && runuser -u postgres -- psql -q postgres -c'
  switch (name) {
    case 'file.managed':
      return [
        `rm ${target}`,
        `echo '# by hand' >> ${target}`,
        `chmod 0${args['mode'] === '0640' ? 600 : 640} ${target}`,
      ]
    case 'file.symlink':
      return [`rm ${target}`]
    case 'consul.service_registered':
      return [`rm /etc/consul.d/${what}.json`, `echo >> /etc/consul.d/${what}.json`]
    case 'service.running':
      return [`systemctl stop ${target}`]
    case 'postgres_database.present':
      return [`${database} 'drop database ${what} with (force)'`]
    case 'postgres_user.present':
      return args['createdb'] === true ? [`${database} 'alter role ${what} nocreatedb'`] : []
    default:
      return []
  }
}

/** A state that watches one that changes, changes too; and so on. */
function mendsOf(chunks: readonly LowChunk[], damaged: number): string[] {
  const changing = new Set([damaged])
  for (const [position, { requisites }] of chunks.entries()) {
    const wakes = requisites.filter(({ kind }) => /^(watch|onchanges|listen)/u.test(kind))
    if (wakes.some(({ targets }) => targets.some((target) => changing.has(target)))) changing.add(position)
  }
  return chunks.filter((_, position) => changing.has(position)).map(nameOf)
}

function nameOf({ id, function: name }: LowChunk): string {
  return `${id} ${name}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
