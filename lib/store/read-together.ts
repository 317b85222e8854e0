import type { Store } from './store.ts'
import { createQueues } from './wait-together.ts'

/** @returns an answer to each, in their order */
type ReadAll<Item, Result> = (store: Store, items: readonly Item[]) => Promise<readonly Result[]>

const waitTogether = createQueues<unknown>()

/**
 * Reads something of an item. What is asked while another answer is on its way is asked together, by one call: each
 * statement costs more than what it reads of one item.
 * @param readAll the same function for all of them
 * @throws what it throws, to all that it was called for
 */
export function readTogether<Item, Result>(store: Store, item: Item, readAll: ReadAll<Item, Result>): Promise<Result> {
  const answer = waitTogether(store, readAll, item, async (some) => {
    const items = some.map((waiting) => waiting.item as Item)
    const results = await readAll(store, items)
    for (const [at, { resolve }] of some.entries()) resolve(results[at])
  })
  return answer as Promise<Result>
}
