export const STORAGE_SORTS = ['frees', 'total', 'name'] as const
export type StorageSort = (typeof STORAGE_SORTS)[number]

/** What the storage page shows, as it stands in the URL. */
export interface StoragePageState {
  /** Absent: the first registry. */
  readonly registry?: string | null
  /** A namespace or repository; empty: all of the registry. */
  readonly path: string
  readonly sort: StorageSort
  /** From 1. */
  readonly page: number
}

/** What of a state is not the default: as it goes into a link. */
export function storagePageQuery({ registry, path, sort, page }: StoragePageState) {
  return {
    registry: registry ?? undefined,
    path: path || undefined,
    sort: sort === 'frees' ? undefined : sort,
    page: page === 1 ? undefined : page,
  }
}
