import type { Query } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import type { Visibility } from './visibility.ts'

export interface TagSearch {
  readonly query: Query
  readonly visibility: Visibility
  readonly sort: TagSearchSort
  /** Where the page before ended, as its `next` says. Anything else begins at the first page. */
  readonly after?: string
  /** Tags on a page. */
  readonly limit: number
  /** Milliseconds since the epoch, for ages. */
  readonly now: number
}

/** `repository`: by registry, repository and tag. The others: newest, last moved, largest first, unknown ones last. */
export type TagSearchSort = 'repository' | 'created' | 'moved' | 'size'

export interface FoundTag extends Place {
  readonly id: number
  /** In the catalog. */
  readonly repositoryId: number
  readonly tag: string
  readonly digest: string
  readonly type: string
  /** Milliseconds since the epoch; bytes. Absent: unknown. */
  readonly created?: number
  readonly size?: number
  readonly movedAt?: number
  readonly checkedAt?: number
  /** The platform images of the tag, in order, which satisfy the query, and which could not be read. */
  readonly images: readonly {
    readonly digest: string
    readonly platform?: string
    readonly matches: boolean
    readonly isUnread?: boolean
  }[]
  /** Values of the keys that the query names, in the images that satisfy it. */
  readonly labels: readonly { readonly key: string; readonly value: string }[]
}
