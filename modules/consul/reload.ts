import type { Host } from '../../core/module/host.ts'

/** Has the agent read its definitions again. The token goes in by standard input: neither arguments nor environment hold it. */
export async function reloadAgent(host: Host, token: string | undefined): Promise<void> {
  await host.run(['consul', 'reload'], { check: true, ...(token === undefined ? {} : byStandardInput(token)) })
}

/** How Consul's own program is given a token. */
export function byStandardInput(token: string): { env: Record<string, string>; input: string } {
  return { env: { CONSUL_HTTP_TOKEN_FILE: '/dev/stdin' }, input: token }
}
