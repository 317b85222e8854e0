/** Some of many rows, as a page shows them. */
export interface Page<T> {
  readonly items: readonly T[]
  /** On all pages. */
  readonly total: number
  /** From 1; a page that doesn't exist becomes the nearest that does. */
  readonly page: number
  /** Rows on a full page. */
  readonly size: number
}

export function pageOf<T>(items: readonly T[], wanted: number, size: number): Page<T> {
  const page = nearestPage(wanted, items.length, size)
  return { items: items.slice((page - 1) * size, page * size), total: items.length, page, size }
}

/** The wanted page of a list, or the nearest that exists; 1 for an empty list. */
export function nearestPage(wanted: number, total: number, size: number): number {
  return Math.min(Math.max(1, wanted), Math.max(1, Math.ceil(total / size)))
}

/** The page that holds the item at `index`. */
export function pageHolding(index: number, size: number): number {
  return Math.floor(Math.max(0, index) / size) + 1
}
