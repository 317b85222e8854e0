import type { Tag } from '../oci/reference.ts'

/** How a listing ended. A partial listing says why, and must never be read as "the rest does not exist". */
export type ListEnd = ({ readonly complete: true } | { readonly complete: false; readonly reason: string }) & {
  /** Requests that it took, if more than one: what it costs to read it again. */
  readonly pages?: number
  /** For a listing of tags, if the registry includes it unasked. */
  readonly pushed?: PushTimes
}

/** When images arrived in a registry, as recorded by an observer. OCI has no API for it. */
export interface PushTimes {
  /** For people: `gcr.io`, `notifications`. */
  readonly source: string
  /** RFC 3339. By tag, but a time is that of the image: moving a tag to one that is there changes nothing. */
  readonly times: ReadonlyMap<Tag, string>
}

export const COMPLETE: ListEnd = { complete: true }

/** A lazily fetched list whose return value says whether it's complete. */
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
