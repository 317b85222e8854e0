import { freedBytes } from '../../image/delete/freed-bytes.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Repository } from '../../registry/registry.ts'
import type { Plan, PlannedItem } from './plan.ts'

/** A plan doesn't wait longer than this for its estimate, which grows with the repository. Milliseconds. */
const ESTIMATE_WITHIN = 2_000

interface Estimate extends Pick<Plan, 'frees' | 'freesAtMost'> {
  /** With what each image frees that is deleted, where that could be read in time. */
  readonly items: readonly PlannedItem[]
}

/**
 * What the images that a plan deletes free.
 * @param images of the repository, also those that stay
 * @param most of them that are read; where there are more, there is no estimate
 */
export async function estimateFreed(
  repository: Repository,
  items: readonly PlannedItem[],
  images: Iterable<Digest>,
  most = Number.POSITIVE_INFINITY,
): Promise<Estimate> {
  const deleted = items.filter(({ kind }) => kind === 'image')
  const freesAtMost = deleted.reduce((sum, { size = 0 }) => sum + size, 0)
  const going = new Set(deleted.flatMap(({ digest }) => (digest ? [digest as Digest] : [])))
  const kept = new Set([...images].filter((digest) => !going.has(digest)))
  if (going.size + kept.size > most) return { items, freesAtMost }
  const signal = AbortSignal.timeout(ESTIMATE_WITHIN)
  const freed = await freedBytes(repository, [...going], [...kept], { signal })
  if (!freed) return { items, freesAtMost }
  const withFreed = items.map((item) => {
    const frees = item.kind === 'image' ? freed.byImage.get(item.digest as Digest) : undefined
    return { ...item, ...(frees !== undefined && { frees }) }
  })
  return { items: withFreed, freesAtMost, frees: freed.total }
}
