import { type EntryListState, entryListQuery } from './entry-list-query.ts'
import { filteredHomeHref, pathHref, registryHref } from './href.ts'
import { type TagTableState, tagTableQuery } from './tag-table-query.ts'

/** Where namespaces and repositories are listed, and how the page there stands. */
export type EntryPlace =
  | { readonly kind: 'home'; readonly state: EntryListState }
  | { readonly kind: 'registry'; readonly registry: string; readonly state: EntryListState }
  | { readonly kind: 'path'; readonly registry: string; readonly path: string; readonly state: TagTableState }

/** The same place with other entries. */
export function entriesHref(place: EntryPlace, entries: EntryListState): string {
  switch (place.kind) {
    case 'home':
      return filteredHomeHref(entryListQuery(entries))
    case 'registry':
      return registryHref(place.registry, entryListQuery(entries))
    case 'path':
      return pathHref(place.registry, place.path, tagTableQuery({ ...place.state, ...entries }))
  }
}
