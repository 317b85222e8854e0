import { z } from 'zod'
import { isRepositoryName, isTag, type RepositoryName, type Tag } from '../../oci/reference.ts'

/** A registry's report of a possible change. It's a hint: the registry's own answer is what's recorded. */
export interface Notice {
  readonly repository: RepositoryName
  /** Absent: something in the repository. */
  readonly tag?: Tag
  /** The registry's name for the actor. */
  readonly actor?: string
}

/** Notices of one request. A registry that sends more in one is asked less exactly: by its next sync. */
export const MOST_NOTICES = 1_000
const LONGEST_NAME = 200

/** A field that a sender may leave out, set to null, or fill with something else. */
export const name = z.string().optional().catch(undefined)

/** @returns none if the repository's name isn't valid */
export function noticeOf(repository: string | undefined, tag?: string, actor?: string): Notice[] {
  if (repository === undefined || !isRepositoryName(repository)) return []
  return [
    {
      repository,
      ...(tag !== undefined && isTag(tag) && { tag }),
      ...(actor && { actor: actor.slice(0, LONGEST_NAME) }),
    },
  ]
}

/**
 * Of a product that keeps registries of its own under a key: an image's name begins with it or not, by the address that
 * the product is reached at. An event doesn't say which, and a name that isn't there is found absent.
 */
export function noticesUnder(key: string | undefined, image: string | undefined, tag?: string, actor?: string) {
  if (image === undefined) return []
  return [...noticeOf(image, tag, actor), ...(key === undefined ? [] : noticeOf(`${key}/${image}`, tag, actor))]
}
