import type { RepositoryName } from './reference.ts'

/** A repository of a configured registry, by their names: what a right, a link, a change or a cache entry is about. */
export interface Place {
  readonly registry: string
  readonly repository: RepositoryName
}
