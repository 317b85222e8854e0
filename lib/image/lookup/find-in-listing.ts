import { RegistryError } from '../../registry/errors.ts'
import { COMPLETE, type ListEnd, type Listing } from '../../registry/listing.ts'

/** The first item that fits, else how the listing ended: only a complete one proves absence. */
export async function findInListing<T>(
  listing: Listing<T>,
  fits: (item: T) => boolean | Promise<boolean>,
): Promise<{ readonly found: true; readonly item: T } | { readonly found: false; readonly end: ListEnd }> {
  try {
    for (;;) {
      const next = await listing.next()
      if (next.done) return { found: false, end: next.value }
      if (await fits(next.value)) return { found: true, item: next.value }
    }
  } finally {
    await listing.return(COMPLETE)
  }
}

/** Nothing was found in an incomplete list: whether it's absent is unknown. */
export function notKnown(what: string, reason: string, host: string): RegistryError {
  return new RegistryError('unavailable', `can’t determine whether ${what}: ${reason}`, { host })
}
