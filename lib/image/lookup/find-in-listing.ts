import { RegistryError } from '../../registry/errors.ts'
import { COMPLETE, type ListEnd, type Listing } from '../../registry/listing.ts'

/** The first item that fits, else how the listing ended: only a complete one proves that there is none. */
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

/** That nothing was found where not all was seen: absent or not, nobody knows. */
export function notKnown(what: string, reason: string, host: string): RegistryError {
  return new RegistryError('unavailable', `cannot tell whether ${what}: ${reason}`, { host })
}
