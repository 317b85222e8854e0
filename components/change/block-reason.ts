import type { DeletionPreviewView } from '@/lib/data/changes/preview-deletion'
import { shortDigest } from '@/lib/format/digest'
import type { Problem } from '@/lib/problem/problem'

/** What goes: one tag, or the manifest with every tag on it. */
export type Scope = 'tag' | 'image'

export const READ_ONLY: Problem = {
  code: 'access.read-only',
  title: 'Lading is read-only',
  detail: 'It was started with READ_ONLY, so every change is refused.',
  advice: 'Restart it without READ_ONLY to allow changes.',
}

/** Why a deletion cannot be asked for; undefined when it can. */
export function blockReason(preview: DeletionPreviewView, scope: Scope, force: boolean): Problem | undefined {
  if (preview.readOnly) return READ_ONLY
  const isPossible = scope === 'tag' ? preview.tagStrategy !== 'none' : preview.canDeleteManifest
  if (!isPossible)
    return {
      code: 'registry.deletes-disabled',
      title: 'This registry does not delete',
      detail: scope === 'tag' ? preview.tagEvidence : preview.manifestEvidence,
      ...(preview.advice && { advice: preview.advice }),
    }
  if (preview.incomplete && scope === 'image')
    return {
      code: 'registry.conflict',
      title: 'It cannot be told which tags would go along',
      detail: preview.incomplete,
      advice: 'Delete tags one by one, or try again when the registry answers for all of them.',
    }
  if (scope === 'image' && preview.indexes.length > 0 && !force)
    return {
      code: 'registry.conflict',
      title: 'Other tags need this image',
      detail: `Pulling ${namesOf(preview.indexes)} for this platform would fail.`,
      advice: 'Delete those first, or confirm above that they may break.',
    }
  return undefined
}

const NAMED = 12

/** By every tag, as each is pulled by somebody; an index without one by its digest. */
function namesOf(indexes: DeletionPreviewView['indexes']): string {
  const names = indexes.flatMap(({ tags, digest }) => (tags.length > 0 ? tags : [shortDigest(digest)]))
  const more = names.length - NAMED
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ')
}
