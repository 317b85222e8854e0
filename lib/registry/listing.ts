/** How a listing ended. A partial listing says why, and must never be read as "the rest does not exist". */
export type ListEnd = { readonly complete: true } | { readonly complete: false; readonly reason: string }

export const COMPLETE: ListEnd = { complete: true }

/** A lazily fetched list whose return value tells whether it is whole. */
export type Listing<T> = AsyncGenerator<T, ListEnd, void>

/** Reads a listing to its end, or to `limit` items. */
export async function collect<T>(
  listing: Listing<T>,
  limit = Number.POSITIVE_INFINITY,
): Promise<{ items: T[]; end: ListEnd }> {
  const items: T[] = []
  for (;;) {
    const next = await listing.next()
    if (next.done) return { items, end: next.value }
    if (items.length >= limit) {
      await listing.return(COMPLETE)
      return { items, end: { complete: false, reason: `stopped after ${limit}` } }
    }
    items.push(next.value)
  }
}
