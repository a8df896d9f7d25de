import { args, mode, path } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { attributeChanges } from './attributes.ts'

export const caManaged = state({
  summary: "The certificate of the master's CA for services lies there: what clients trust servers by.",
  args: () =>
    args({
      name: path('Where it lies.'),
      mode: mode('Its permissions, in octal.').default('0644'),
    }),
  reports: { certificate: '`new`, or `another CA`.', mode: 'The permissions before and after.' },
  example: `
    /etc/ssl/butler-ca.crt:
      x509.ca_managed: []
  `,
  makes: (want) => [{ kind: 'path', name: want.name }],
  async *plan(view, want) {
    const ca = await view.ca()
    const [content, has] = [await view.read(want.name), await view.stat(want.name)]
    if (content === undefined || has === undefined || new TextDecoder().decode(content) !== ca) {
      const shows = content === undefined ? 'new' : 'another CA'
      yield change('certificate', shows, [{ kind: 'path', name: want.name }], (host) =>
        host.write(want.name, ca, { mode: want.mode }),
      )
      return ''
    }
    const changes = attributeChanges(want.name, has, want)
    yield* changes
    return changes.length > 0 ? '' : `The CA certificate ${want.name} is there`
  },
})
