import type { Descriptor } from '../oci/descriptor.ts'
import type { Digest } from '../oci/digest.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { Tag } from '../oci/reference.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'
import { planCopy } from './copy-plan.ts'
import { digestAt } from './digest-at.ts'
import { listReferrers, type Referrer } from './referrers.ts'
import { readIfPresent } from './scan-tags.ts'

export interface SkippedReferrer {
  readonly digest: Digest
  readonly tag?: Tag
  readonly reason: string
}

/** A signature on an attestation on an image is as deep as it gets. */
const MAX_DEPTH = 3

/**
 * Copies what is said about `manifests`, and about that in turn. Those with a `subject` are put by digest; cosign's
 * keep their tag, which is never taken from another signature that is there.
 */
export async function copyReferrers(
  from: Repository,
  to: Repository,
  manifests: readonly Manifest[],
  moveBlobs: (blobs: readonly Descriptor[]) => Promise<void>,
  options: CallOptions,
): Promise<{ readonly copied: number; readonly skipped: readonly SkippedReferrer[] }> {
  const seen = new Set(manifests.map((manifest) => manifest.digest))
  const skipped: SkippedReferrer[] = []
  let copied = 0
  let level = manifests
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth++) {
    const next: Manifest[] = []
    for (const subject of level) {
      const { items } = await listReferrers(from, subject.digest, { ...options, manifest: subject })
      for (const referrer of items) {
        const { digest } = referrer.descriptor
        // The attestations of an index are its children, and copied with it.
        if (referrer.source === 'attestation-child' || seen.has(digest)) continue
        seen.add(digest)
        const reason = await reasonToSkip(to, referrer, options)
        const manifest = reason ? undefined : await readIfPresent(from, digest, options)
        if (!manifest) {
          skipped.push({
            digest,
            ...(referrer.tag && { tag: referrer.tag }),
            reason: reason ?? 'the source lists it but does not hold it',
          })
          continue
        }
        await copyOne(from, to, manifest, referrer.tag ?? digest, moveBlobs, options)
        copied++
        next.push(manifest)
      }
    }
    level = next
  }
  return { copied, skipped }
}

async function reasonToSkip(
  to: Repository,
  { tag, descriptor }: Referrer,
  options: CallOptions,
): Promise<string | undefined> {
  if (!tag) return undefined
  const found = await digestAt(to, tag, options)
  return found && found !== descriptor.digest ? `${tag} exists at the destination and is another one` : undefined
}

async function copyOne(
  from: Repository,
  to: Repository,
  manifest: Manifest,
  reference: Tag | Digest,
  moveBlobs: (blobs: readonly Descriptor[]) => Promise<void>,
  options: CallOptions,
): Promise<void> {
  const plan = await planCopy(from, manifest, options)
  await moveBlobs(plan.blobs)
  for (const child of plan.levels.flat()) await to.putManifest(child.digest, child, options)
  await to.putManifest(reference, manifest, options)
}
