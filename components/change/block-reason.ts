import type { DeletionPreviewView } from '@/lib/data/change-tags'
import type { Problem } from '@/lib/data/problem'

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
      title: 'A live index lists this image',
      detail: `${preview.indexes.map((index) => index.tags[0] ?? index.digest).join(', ')} would be left with a hole.`,
      advice: 'Delete the index first, or confirm the hole above.',
    }
  return undefined
}
