import { UserError } from '../../core/errors.ts'
import { flag, path, text, textMap } from '../../core/module/args.ts'
import { type Answer, CURL, curlInput, SAYING_STATUS, statusAndBody } from '../../core/module/curl.ts'
import type { View } from '../../core/module/view.ts'

/** How long one answer may take, in seconds. */
const PATIENCE = 30

/** The arguments of all that ask a web server. */
export const asking = {
  method: text('GET, POST, PUT ...').default('GET'),
  data: text('What is sent along.').optional(),
  header_dict: textMap('Headers, by name.').default({}),
  username: text('Who asks, where the server wants to know.').optional(),
  password: text("That user's password; give it as a secret.").optional(),
  verify_ssl: flag("Whether the server's certificate must be right.").default(true),
  ca_bundle: path("The certificate of the CA that the server's is from; else the machine's own ones count.").optional(),
}

interface Wanted {
  method: string
  data?: string | undefined
  header_dict: Readonly<Record<string, string>>
  username?: string | undefined
  password?: string | undefined
  verify_ssl: boolean
  ca_bundle?: string | undefined
}

/** Asks once. A server that does not answer is a `UserError` that says why. */
export async function request(view: View, url: string, want: Wanted): Promise<Answer> {
  if (!/^https?:\/\//u.test(url)) {
    throw new UserError('bad-address', `'${url}' is no web address.`, { hint: 'It begins with http:// or https://.' })
  }
  const { exitCode, stdout, stderr } = await view.query(CURL, { input: inputOf(url, want) })
  if (exitCode === 0) return statusAndBody(stdout)
  if (exitCode === 127) {
    view.missing({ kind: 'package', name: 'curl' })
    throw new UserError('no-curl', 'This machine has no curl.', {
      hint: 'Install it with pkg.installed, and require that state here.',
    })
  }
  throw new UserError('no-answer', `${url} does not answer: ${stderr.trim()}`)
}

function inputOf(
  url: string,
  { method, data, header_dict: headers, username, password, verify_ssl, ca_bundle }: Wanted,
) {
  return curlInput({
    url,
    request: method,
    location: true,
    'max-time': String(PATIENCE),
    header: Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(data === undefined ? {} : { 'data-raw': data }),
    ...(username === undefined ? {} : { user: `${username}:${password ?? ''}` }),
    ...(verify_ssl ? {} : { insecure: true }),
    ...(ca_bundle === undefined ? {} : { cacert: ca_bundle }),
    ...SAYING_STATUS,
  })
}
