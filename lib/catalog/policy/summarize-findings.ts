import { Turns } from '../memory/slices.ts'
import type { FindingKind } from './check-image.ts'
import type { FindingList } from './finding-list.ts'

/** Findings, and distinct manifests with a tag that have one. */
export interface FindingCount {
  readonly findings: number
  readonly images: number
}

export interface FindingSummary {
  /** Distinct manifests with a tag. */
  readonly images: number
  readonly byPolicy: ReadonlyMap<string, ReadonlyMap<FindingKind, number>>
  /** Undefined: those without an owner. */
  readonly byOwner: ReadonlyMap<string | undefined, FindingCount>
  /** By `<registry>/<repository>`. */
  readonly byRepository: ReadonlyMap<string, FindingCount>
}

/** What a report counts, in one pass that lets others have their turn. */
export async function summarizeFindings({ groups }: FindingList): Promise<FindingSummary> {
  const turns = new Turns()
  const images = new Set<string>()
  const byPolicy = new Map<string, Map<FindingKind, number>>()
  const byOwner = new Map<string | undefined, Share>()
  const byRepository = new Map<string, Share>()
  for (const { policy, repository, verdicts } of groups) {
    const kinds = entryOf(byPolicy, policy, () => new Map<FindingKind, number>())
    const ofRepository = entryOf(byRepository, `${repository.registry}/${repository.name}`, newShare)
    for (const { digest, findings } of verdicts) {
      if (turns.isOver()) await turns.next()
      images.add(digest)
      count(ofRepository, digest, findings.length)
      for (const { kind, owner } of findings) {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        count(entryOf(byOwner, owner, newShare), digest, 1)
      }
    }
  }
  return { images: images.size, byPolicy, byOwner: counted(byOwner), byRepository: counted(byRepository) }
}

interface Share {
  findings: number
  readonly digests: Set<string>
}

const newShare = (): Share => ({ findings: 0, digests: new Set() })

function count(share: Share, digest: string, findings: number): void {
  share.findings += findings
  share.digests.add(digest)
}

function counted<Key>(shares: ReadonlyMap<Key, Share>): ReadonlyMap<Key, FindingCount> {
  return new Map(Array.from(shares, ([key, { findings, digests }]) => [key, { findings, images: digests.size }]))
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}
