import { setTimeout as delay } from 'node:timers/promises'
import type { Store } from './store.ts'
import { isUnhurried } from './unhurried.ts'

/** An item that waits, with what its caller is told. */
export interface Waiting<Item> {
  readonly item: Item
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** Items that are worked on at once, at most. */
const MOST = 100
/** Milliseconds that unhurried work waits for others. */
const LINGER = 20

/**
 * Queues by store and key: what comes while items of the same key are being worked on waits, and goes together next.
 * @returns adds an item to a queue; `work` settles each of those it gets, or throws for all of them
 */
export function createQueues<Item>() {
  const queues = new WeakMap<Store, Map<unknown, Waiting<Item>[]>>()

  return function waitTogether(
    store: Store,
    key: unknown,
    item: Item,
    work: (some: readonly Waiting<Item>[]) => Promise<void>,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const byKey = queues.get(store) ?? new Map<unknown, Waiting<Item>[]>()
      queues.set(store, byKey)
      const queue = byKey.get(key)
      if (queue) {
        queue.push({ item, resolve, reject })
        return
      }
      byKey.set(key, [{ item, resolve, reject }])
      void workOff(byKey, key, work)
    })
  }
}

async function workOff<Item>(
  byKey: Map<unknown, Waiting<Item>[]>,
  key: unknown,
  work: (some: readonly Waiting<Item>[]) => Promise<void>,
): Promise<void> {
  // What comes in the same turn of the loop goes together, too.
  await (isUnhurried() ? delay(LINGER) : new Promise((resolve) => setImmediate(resolve)))
  const queue = byKey.get(key) ?? []
  while (queue.length > 0) {
    const some = queue.splice(0, MOST)
    try {
      await work(some)
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }
  byKey.delete(key)
}
