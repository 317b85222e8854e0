import { randomUUID } from 'node:crypto'
import { processWide } from '../../config/process-wide.ts'
import { theStore } from '../the-store.ts'
import { holdLease, type Lease } from './lease.ts'

/**
 * The lease for this process's work outside jobs: when it expires, others settle what was left half-done here. A
 * process that has lost it, because it was stopped for a while, takes a new one.
 * @throws StoreError
 */
export async function processLease(): Promise<Lease> {
  const state = processWide<{ lease?: Promise<Lease> }>('process-lease', () => ({}))
  const known = await state.lease?.catch(() => undefined)
  if (known && !known.signal.aborted) return known
  const taken = take()
  state.lease = taken
  return taken
}

async function take(): Promise<Lease> {
  const lease = await holdLease(await theStore(), `process ${randomUUID()}`)
  if (!lease) throw new Error('A name that was just made is taken')
  return lease
}
