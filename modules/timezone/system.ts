import { UserError } from '../../core/errors.ts'
import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'

const LINK = '/etc/localtime'
const ZONES = '/usr/share/zoneinfo'
/** Debian keeps the name here too. */
const NAME_FILE = '/etc/timezone'

export const system = state({
  summary: 'The machine shows local time as in this zone.',
  args: () => args({ name: text('The zone, as the database of zones names it: `UTC`, `Europe/Berlin`.') }),
  reports: { timezone: 'The zone before and after.' },
  example: `
    UTC:
      timezone.system: []
  `,
  makes: () => [{ kind: 'path', name: LINK }],
  async *plan(view, { name }) {
    if (!/^[\w+-]+(?:\/[\w+-]+)*$/u.test(name) || (await view.stat(`${ZONES}/${name}`))?.type === undefined) {
      view.missing({ kind: 'package', name: 'tzdata' })
      throw new UserError('unknown-zone', `This machine knows no time zone '${name}'.`, {
        hint: `They lie in ${ZONES}, such as Europe/Berlin; without it, install tzdata.`,
      })
    }
    const target = `${ZONES}/${name}`
    const link = (await view.stat(LINK))?.target ?? ''
    const written = (await readText(view, NAME_FILE))?.trim()
    if (link === target && (written === undefined || written === name)) {
      return yield* planOf([], `Timezone ${name} already set`)
    }
    const old = link === target ? (written ?? '') : link.replace(/^.*\/zoneinfo\//u, '')
    const setting = change('timezone', { old, new: name }, [{ kind: 'path', name: LINK }], async (host) => {
      await host.symlink(target, LINK)
      if (written !== undefined) await host.write(NAME_FILE, `${name}\n`)
      return { comment: `Set timezone ${name}` }
    })
    return yield* planOf([setting], '')
  },
})
