import { plural } from '../../format/bytes.ts'
import { shortDigest } from '../../format/digest.ts'
import type { TagWatch } from '../../image/delete/tag-watch.ts'
import type { Digest } from '../../oci/digest.ts'
import { childrenOf } from '../../oci/index-entries.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { PlannedItem } from './plan.ts'

/** A manifest that the registry still has, and that no tag is on. */
export interface UntaggedImage {
  readonly manifest: Manifest
  /** When its last tag went, or when it was created; milliseconds since the epoch. Absent: nobody knows. */
  readonly since?: number
}

interface Rules {
  readonly watch: Pick<TagWatch, 'tagsOn' | 'indexesOf'>
  /** Tags whose manifests refer to an image, by that. */
  readonly taggedReferrers: ReadonlyMap<string, string>
  /** The rule that protects the whole repository. */
  readonly protectedBy: string | undefined
  /** Images that have had no tag for fewer days stay. */
  readonly keepDays: number
  readonly now: number
}

const DAY = 86_400_000

/** Says of each image whether it goes, and why it is left alone otherwise. What an image depends on comes after it. */
export function untaggedItems(images: readonly UntaggedImage[], rules: Rules): PlannedItem[] {
  const reasons = new Map(images.map((image) => [image.manifest.digest, reasonOf(image, rules)]))
  keepWithOthers(images, reasons)
  return inOrder(images).map((image) => itemOf(image, reasons.get(image.manifest.digest), rules))
}

function reasonOf({ manifest, since }: UntaggedImage, rules: Rules): string | undefined {
  const { watch, taggedReferrers, protectedBy, keepDays, now } = rules
  const { digest } = manifest
  if (protectedBy !== undefined) return `Protected by the rule ${protectedBy}`
  const [index] = watch.indexesOf(digest)
  if (index) return `Part of ${nameOf(watch, index)}, which stays`
  const subject = manifest.subject?.digest
  if (subject && (watch.tagsOn(subject).length > 0 || watch.indexesOf(subject).length > 0))
    return `Refers to ${nameOf(watch, subject)}, which stays`
  const referrer = taggedReferrers.get(digest)
  if (referrer !== undefined) return `${referrer} refers to it`
  if (keepDays === 0) return undefined
  if (since === undefined) return 'It’s unknown since when it has no tag'
  return now - since < keepDays * DAY ? `Has had no tag for less than ${plural(keepDays, 'day')}` : undefined
}

/** What stays keeps what it lists, and what refers to it. */
function keepWithOthers(images: readonly UntaggedImage[], reasons: Map<Digest, string | undefined>): void {
  for (let changed = true; changed; ) {
    changed = false
    const keep = (digest: Digest, reason: string) => {
      if (!reasons.has(digest) || reasons.get(digest) !== undefined) return
      reasons.set(digest, reason)
      changed = true
    }
    for (const { manifest } of images) {
      const subject = manifest.subject?.digest
      if (subject && reasons.get(subject) !== undefined)
        keep(manifest.digest, `Refers to ${shortDigest(subject)}, which stays`)
      if (reasons.get(manifest.digest) === undefined) continue
      for (const child of listedIn(manifest)) keep(child, `Part of ${shortDigest(manifest.digest)}, which stays`)
    }
  }
}

/** Indexes before what they list, and images before what refers to them: those can only go afterwards. */
function inOrder(images: readonly UntaggedImage[]): UntaggedImage[] {
  const byDigest = new Map(images.map((image) => [image.manifest.digest, image]))
  const parents = new Map<Digest, Digest[]>()
  for (const { manifest } of images)
    for (const child of listedIn(manifest)) parents.set(child, [...(parents.get(child) ?? []), manifest.digest])
  const ordered = new Set<UntaggedImage>()
  const add = (image: UntaggedImage, above: readonly Digest[] = []) => {
    const { digest } = image.manifest
    if (ordered.has(image) || above.includes(digest)) return
    const subject = image.manifest.subject?.digest
    for (const one of [...(parents.get(digest) ?? []), ...(subject ? [subject] : [])]) {
      const before = byDigest.get(one)
      if (before) add(before, [...above, digest])
    }
    ordered.add(image)
  }
  for (const image of images) add(image)
  return [...ordered]
}

function itemOf({ manifest, since }: UntaggedImage, reason: string | undefined, rules: Rules): PlannedItem {
  const { digest, mediaType } = manifest
  const size = 'layers' in manifest ? [manifest.config, ...manifest.layers].reduce((sum, one) => sum + one.size, 0) : 0
  return {
    kind: reason === undefined ? 'image' : rules.protectedBy === undefined ? 'skipped' : 'protected',
    digest,
    mediaType,
    tags: [],
    keptBy: [],
    size,
    holds: { platforms: listedIn(manifest).length, signatures: 0, attachments: 0 },
    ...(since !== undefined && { created: new Date(since).toISOString() }),
    ...(reason !== undefined && { reason }),
  }
}

function nameOf(watch: Rules['watch'], digest: Digest): string {
  return watch.tagsOn(digest)[0] ?? shortDigest(digest)
}

/** The manifests that it lists, if it's an index. */
export function listedIn(manifest: Manifest): readonly Digest[] {
  return manifest.kind === 'index' ? childrenOf(manifest).map(({ digest }) => digest) : []
}
