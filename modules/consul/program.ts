import type { Host } from '../../core/module/host.ts'
import type { Output } from '../../core/module/view.ts'

/**
 * Runs Consul's own program, which changes what the agent does. A token goes in by standard input: neither arguments nor
 * environment hold it. Consul opens that by its name, which works with a shell's pipe only.
 */
export function consul(host: Host, words: readonly string[], token: string | undefined): Promise<Output> {
  if (token === undefined) return host.run(['consul', ...words], { check: true })
  const env = { CONSUL_HTTP_TOKEN_FILE: '/dev/stdin' }
  return host.run(['sh', '-c', 'cat | consul "$@"', 'consul', ...words], { check: true, env, input: token })
}
