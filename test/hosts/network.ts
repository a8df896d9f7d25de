import { z } from 'zod'
import { writeFile } from 'node:fs/promises'
import { command, must } from '../../packaging/command.ts'

/** A network of its own for one lab: a bridge on this machine, which is the hosts' gateway to the outside. */
export const networkRecord = z.object({
  bridge: z.string(),
  /** `10.213.7`: the first three numbers of its /24. */
  prefix: z.string(),
})

export type Network = z.infer<typeof networkRecord>

const RANGE = '10.213'

export function gatewayOf(network: Network): string {
  return `${network.prefix}.1`
}

/** The address of the host with this number, counted from 0. */
export function addressOf(network: Network, number: number): string {
  return `${network.prefix}.${10 + number}`
}

/** A /24 that nobody on this machine has. */
export async function freeNetwork(): Promise<Network> {
  const taken = await must(['ip', '-4', '-o', 'address'])
  const free = Array.from({ length: 255 }, (_, index) => index).find((index) => !taken.includes(` ${RANGE}.${index}.`))
  if (free === undefined) throw new Error(`All networks of ${RANGE}.0.0/16 are in use.`)
  return { bridge: `butler${free}`, prefix: `${RANGE}.${free}` }
}

/** Makes the bridge and lets its hosts out. */
export async function makeNetwork(network: Network): Promise<void> {
  await must(['ip', 'link', 'add', network.bridge, 'type', 'bridge'])
  await must(['ip', 'address', 'add', `${gatewayOf(network)}/24`, 'dev', network.bridge])
  await must(['ip', 'link', 'set', network.bridge, 'up'])
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1')
  const table = `table ip ${network.bridge} {
    chain out {
      type nat hook postrouting priority srcnat;
      ip saddr ${network.prefix}.0/24 ip daddr != ${network.prefix}.0/24 masquerade;
    }
  }`
  await must(['nft', '-f', '-'], { input: table })
}

/** Takes it away again, with what a killed host has left plugged in; what is not there any more is no error. */
export async function removeNetwork(network: Network): Promise<void> {
  const ports = await command(['ip', '-o', 'link', 'show', 'master', network.bridge])
  for (const [, port = ''] of ports.stdout.matchAll(/^\d+: ([^:@]+)/gmu)) await command(['ip', 'link', 'delete', port])
  await command(['nft', 'delete', 'table', 'ip', network.bridge])
  await command(['ip', 'link', 'delete', network.bridge])
}
