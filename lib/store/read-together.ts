import type { Store } from './store.ts'

/** @returns an answer to each, in their order */
type ReadAll<Item, Result> = (store: Store, items: readonly Item[]) => Promise<readonly Result[]>

interface Waiting {
  readonly item: unknown
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** Items that are read at once, at most. */
const MOST = 100

const queues = new WeakMap<Store, Map<unknown, Waiting[]>>()

/**
 * Reads something of an item. What is asked while another answer is on its way is asked together, by one call: each
 * statement costs more than what it reads of one item.
 * @param readAll the same function for all of them
 * @throws what it throws, to all that it was called for
 */
export function readTogether<Item, Result>(store: Store, item: Item, readAll: ReadAll<Item, Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const own = { item, resolve, reject } as Waiting
    const byCall = queues.get(store) ?? new Map<unknown, Waiting[]>()
    queues.set(store, byCall)
    const queue = byCall.get(readAll)
    if (queue) {
      queue.push(own)
      return
    }
    byCall.set(readAll, [own])
    void workOff(store, byCall, readAll as ReadAll<unknown, unknown>)
  })
}

async function workOff(store: Store, byCall: Map<unknown, Waiting[]>, readAll: ReadAll<unknown, unknown>) {
  // What comes in the same turn of the loop is asked together, too.
  await new Promise((resolve) => setImmediate(resolve))
  const queue = byCall.get(readAll) ?? []
  while (queue.length > 0) {
    const some = queue.splice(0, MOST)
    try {
      const items = some.map(({ item }) => item)
      const results = await readAll(store, items)
      for (const [at, { resolve }] of some.entries()) resolve(results[at])
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }
  byCall.delete(readAll)
}
