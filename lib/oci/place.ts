import type { RepositoryName } from './reference.ts'

/** A repository of a configured registry, by their names: what a right, a link, a change or a cache entry is about. */
export interface Place {
  readonly registry: string
  readonly repository: RepositoryName
}

/** The place alone of something that has more: for strict inputs, and for props that are sent to the browser. */
export const barePlace = ({ registry, repository }: Place): Place => ({ registry, repository })

export const isSamePlace = (one: Place, other: Place): boolean =>
  one.registry === other.registry && one.repository === other.repository
