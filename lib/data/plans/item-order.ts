import type { TagWatch } from '../../image/delete/tag-watch.ts'
import { parseDigest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { isIndexType } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { changeJournal } from '../changes/change-journal.ts'
import type { PlanItem } from './plan.ts'
import { CREATED } from './retag-item.ts'
import { listedIn } from './untagged-images.ts'

/** Items of a lower rank have to end before those of a higher one begin. */
export type Rank = (item: PlanItem) => number

export function inOrder(items: readonly PlanItem[], rank: Rank): readonly PlanItem[] {
  return items.toSorted((a, b) => rank(a) - rank(b))
}

/** For deletions: an index goes before what it lists, and one that lists indexes before those. */
export function outerFirst(watch: TagWatch): Rank {
  return rankBy((digest) => watch.indexesOf(parseDigest(digest)))
}

/** For an undo: what an index lists has to be there before it. The indexes are read from the journal of changes. */
export async function innerFirst(items: readonly PlanItem[]): Promise<Rank> {
  const listed = new Map<string, readonly string[]>()
  const indexes = items.filter(({ mediaType = '' }) => isIndexType(mediaType))
  await mapConcurrent(indexes, async ({ digest, undo }) => {
    const change = undo.find((id) => id !== CREATED)
    const entry = digest !== undefined && change !== undefined && (await changeJournal().entry(change))
    if (entry) listed.set(digest, childrenIn(entry.record))
  })
  const own = new Set(items.flatMap(({ digest }) => digest ?? []))
  return rankBy((digest) => (listed.get(digest) ?? []).filter((child) => own.has(child)))
}

/** @param before what has to end before an image */
function rankBy(before: (digest: string) => readonly string[]): Rank {
  const known = new Map<string, number>()
  const rank = (digest: string): number => {
    const found = known.get(digest) ?? Math.max(-1, ...before(digest).map(rank)) + 1
    known.set(digest, found)
    return found
  }
  return ({ digest }) => (digest === undefined ? 0 : rank(digest))
}

function childrenIn({ bytes, mediaType }: { readonly bytes: Uint8Array; readonly mediaType: string }) {
  try {
    return listedIn(parseManifest(bytes, { contentType: mediaType }))
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return []
  }
}
