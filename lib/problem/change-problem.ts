import { shortDigest } from '../format/digest.ts'
import { accessProblem } from './access-problem.ts'
import type { Problem } from './problem.ts'

/** What is deleted: one tag, or the manifest with every tag on it. */
export type DeletionScope = 'tag' | 'image'

/** What of a deletion's preview can stand in its way. */
export interface DeletionFacts {
  readonly readOnly: boolean
  readonly tagStrategy: 'direct' | 'replace' | 'none'
  readonly tagEvidence: string
  readonly canDeleteManifest: boolean
  readonly manifestEvidence: string
  readonly advice?: string
  /** Why the scan of the repository's tags is incomplete. */
  readonly incomplete?: string
  /** Those that list the image, each with its tags. */
  readonly indexes: readonly { readonly digest: string; readonly tags: readonly string[] }[]
}

/** Why a deletion can't go ahead; undefined when it can. @param force although an index lists the image */
export function deletionBlock(facts: DeletionFacts, scope: DeletionScope, force: boolean): Problem | undefined {
  if (facts.readOnly) return accessProblem('read-only', false)
  const isPossible = scope === 'tag' ? facts.tagStrategy !== 'none' : facts.canDeleteManifest
  if (!isPossible)
    return {
      code: 'registry.deletes-disabled',
      title: 'This registry doesn’t support deletion',
      detail: scope === 'tag' ? facts.tagEvidence : facts.manifestEvidence,
      ...(facts.advice && { advice: facts.advice }),
    }
  if (facts.incomplete && scope === 'image')
    return {
      code: 'registry.conflict',
      title: 'Can’t determine which other tags would be deleted',
      detail: facts.incomplete,
      advice: 'Delete tags one by one, or try again when the registry responds for all of them.',
    }
  if (scope === 'image' && facts.indexes.length > 0 && !force)
    return {
      code: 'registry.conflict',
      title: 'Other tags need this image',
      detail: `Pulling ${namesOf(facts.indexes)} for this platform would fail.`,
      advice: 'Delete those first, or confirm above that they may break.',
    }
  return undefined
}

const NAMED = 12

/** Every tag is named, as people pull by tag; an index without one by its digest. */
function namesOf(indexes: DeletionFacts['indexes']): string {
  const names = indexes.flatMap(({ tags, digest }) => (tags.length > 0 ? tags : [shortDigest(digest)]))
  const more = names.length - NAMED
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ')
}

/** The tag points at another digest than the page showed. */
export function movedProblem(tag: string, expected: string, found: string): Problem {
  return {
    code: 'registry.conflict',
    title: `${tag} has moved since you opened this page`,
    detail: 'Someone pushed to it. Nothing was changed.',
    advice: 'Close this, reload the page, and decide again based on what it points at now.',
    expected,
    found,
  }
}
