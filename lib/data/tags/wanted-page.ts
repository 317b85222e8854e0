import type { Seen } from '../../catalog/catalog.ts'
import { nearestPage } from '../../format/page-of.ts'

/** Rows on a page of tags or images. */
export const PAGE_SIZE = 100

/** The page that is asked for, or the last one where there are fewer. @param wanted from 1 */
export async function readWantedPage<T extends { readonly matching: number }>(
  wanted: number,
  read: (range: { readonly offset: number; readonly limit: number }) => Promise<Seen<T> | undefined>,
): Promise<{ readonly seen: Seen<T>; readonly page: number } | undefined> {
  const readPage = (page: number) => read({ offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
  const page = Math.max(1, wanted)
  const seen = await readPage(page)
  if (!seen) return undefined
  const nearest = nearestPage(page, seen.value.matching, PAGE_SIZE)
  if (nearest === page) return { seen, page }
  const there = await readPage(nearest)
  return there && { seen: there, page: nearest }
}
