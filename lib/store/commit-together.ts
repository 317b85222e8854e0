import type { Transaction } from 'kysely'
import { currentFence, type Fence, fencedBy, unfenced } from './leases/fence.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

type Write<T> = (db: Transaction<Tables>) => Promise<T>
/** Writes many items at once. @returns a result for each, in their order, where there are any */
type WriteAll<Item, Result> = (
  db: Transaction<Tables>,
  items: readonly Item[],
) => Promise<readonly Result[] | undefined>

interface Waiting {
  readonly item: unknown
  readonly writeAll: WriteAll<unknown, unknown>
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
  return commitAll(store, write, writeEach) as Promise<T>
}

/**
 * Likewise for an item that one statement can write together with others: those in the same transaction are one call.
 * @param writeAll the same function for all of them
 */
export function commitAll<Item, Result>(store: Store, item: Item, writeAll: WriteAll<Item, Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const own = { item, writeAll, resolve, reject } as Waiting
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

async function writeEach(db: Transaction<Tables>, writes: readonly Write<unknown>[]): Promise<unknown[]> {
  const results: unknown[] = []
  for (const write of writes) results.push(await write(db))
  return results
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
  const calls = [...Map.groupBy(some, ({ writeAll }) => writeAll)]
  try {
    const results = await store.write.transaction().execute(async (db) => {
      const done: (readonly unknown[] | undefined)[] = []
      for (const [writeAll, waiting] of calls)
        done.push(
          await writeAll(
            db,
            waiting.map(({ item }) => item),
          ),
        )
      return done
    })
    for (const [call, [, waiting]] of calls.entries())
      for (const [at, { resolve }] of waiting.entries()) resolve(results[call]?.[at])
  } catch (error) {
    if (some.length === 1) some[0]?.reject(error)
    else for (const one of some) await commit(store, [one])
  }
}
