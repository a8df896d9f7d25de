import { createHash } from 'node:crypto'
import { catalog } from '../../modules/catalog.ts'
import { collectGrains } from '../grains/grains.ts'
import type { DescribeOrder, Description } from './order.ts'

/** What this machine is, and what this agent can do. */
export async function describe(order: DescribeOrder): Promise<Description> {
  const functions = [...catalog.functions.keys()].sort()
  const states = [...catalog.states.keys()].sort()
  return {
    grains: await collectGrains(order.home.layout),
    catalog: createHash('sha256').update(JSON.stringify({ states, functions })).digest('hex'),
    functions,
  }
}
