import type { Transaction } from 'kysely'
import { currentFence, type Fence, fencedBy, unfenced } from './leases/fence.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

type Write<T> = (db: Transaction<Tables>) => Promise<T>

interface Waiting {
  readonly write: Write<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** Writes in one transaction at most: others wait for it. */
const MOST = 100

/** By store and lease: what waits while something is being committed. */
const queues = new WeakMap<Store, Map<string, Waiting[]>>()

/**
 * Runs a write in a transaction. What comes while another is being committed shares the next transaction, as a commit
 * waits for the disk and many changes are made at once. A write that fails takes no other along: they are then tried
 * once more, each on its own, so a write may run twice and must do nothing but write.
 * @throws what the write throws, and StoreError; then nothing of it is committed
 */
export function commitTogether<T>(store: Store, write: Write<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const own: Waiting = { write, resolve: (result) => resolve(result as T), reject }
    const fence = currentFence()
    const key = fence ? `${fence.name} ${fence.fence}` : ''
    const byFence = queues.get(store) ?? new Map<string, Waiting[]>()
    queues.set(store, byFence)
    const queue = byFence.get(key)
    if (queue) {
      queue.push(own)
      return
    }
    byFence.set(key, [own])
    void workOff(store, byFence, key, fence)
  })
}

async function workOff(store: Store, byFence: Map<string, Waiting[]>, key: string, fence: Fence | undefined) {
  const queue = byFence.get(key) ?? []
  while (queue.length > 0) {
    const some = queue.splice(0, MOST)
    // As long as the lease is held, even if some of them have ended meanwhile.
    await (fence ? fencedBy(fence, () => commit(store, some)) : unfenced(() => commit(store, some)))
  }
  byFence.delete(key)
}

async function commit(store: Store, some: readonly Waiting[]): Promise<void> {
  try {
    const results = await store.write.transaction().execute(async (db) => {
      const done: unknown[] = []
      for (const { write } of some) done.push(await write(db))
      return done
    })
    for (const [at, { resolve }] of some.entries()) resolve(results[at])
  } catch (error) {
    if (some.length === 1) some[0]?.reject(error)
    else for (const one of some) await commit(store, [one])
  }
}
