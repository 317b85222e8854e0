import { pathHref, storageHref } from '@/lib/routes/href'
import { type StoragePageState, storagePageQuery } from '@/lib/routes/storage-page-query'

/** @param place `team/` for a namespace, `team/api` for a repository */
export function storagePlaceHref(registry: string, place: string, { sort }: Pick<StoragePageState, 'sort'>): string {
  return place.endsWith('/')
    ? storageHref(storagePageQuery({ registry, path: place.slice(0, -1), sort, page: 1 }))
    : pathHref(registry, place, { view: 'storage' })
}
