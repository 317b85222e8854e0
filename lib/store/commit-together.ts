import type { Transaction } from 'kysely'
import { currentFence, fencedBy, unfenced } from './leases/fence.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'
import { createQueues, type Waiting } from './wait-together.ts'

type Write<T> = (db: Transaction<Tables>) => Promise<T>
/** Writes many items at once. @returns a result for each, in their order, where there are any */
type WriteAll<Item, Result> = (
  db: Transaction<Tables>,
  items: readonly Item[],
) => Promise<readonly Result[] | undefined>

interface PendingWrite {
  readonly of: unknown
  readonly writeAll: WriteAll<unknown, unknown>
}

const waitTogether = createQueues<PendingWrite>()

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
  const fence = currentFence()
  const key = fence ? `${fence.name} ${fence.fence}` : ''
  const own: PendingWrite = { of: item, writeAll: writeAll as WriteAll<unknown, unknown> }
  // As long as the lease is held, even if some of them have ended meanwhile.
  const result = waitTogether(store, key, own, (some) =>
    fence ? fencedBy(fence, () => commit(store, some)) : unfenced(() => commit(store, some)),
  )
  return result as Promise<Result>
}

async function writeEach(db: Transaction<Tables>, writes: readonly Write<unknown>[]): Promise<unknown[]> {
  const results: unknown[] = []
  for (const write of writes) results.push(await write(db))
  return results
}

async function commit(store: Store, some: readonly Waiting<PendingWrite>[]): Promise<void> {
  const calls = [...Map.groupBy(some, (waiting) => waiting.item.writeAll)]
  try {
    const results = await transact(store, async (db) => {
      const done: (readonly unknown[] | undefined)[] = []
      for (const [writeAll, waiting] of calls)
        done.push(
          await writeAll(
            db,
            waiting.map((one) => one.item.of),
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
