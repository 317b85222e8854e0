import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository, SignatureStore } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { addCosignLayers, holdsCosignLayers } from '../referrers/cosign-layers.ts'
import { type ManifestReferrer, nameOfReferrer, type SignatureReferrer } from '../referrers/referrer.ts'
import { listReferrers } from '../referrers/referrers.ts'
import { parseReferrersTag } from '../referrers/referrers-tag.ts'
import { planCopy } from './copy-plan.ts'

export interface SkippedReferrer {
  /** Its digest, or the name of a signature in the registry's store. */
  readonly name: string
  readonly tag?: Tag
  readonly reason: string
}

interface ReferrersCopy {
  readonly from: Repository
  readonly to: Repository
  readonly moveBlobs: (blobs: readonly Descriptor[]) => Promise<void>
  readonly options: CallOptions
  readonly mayOverwrite: boolean
}

/**
 * A signature on an attestation on an image is the deepest nesting in practice; anything deeper is reported and not
 * copied.
 */
const MAX_STEPS = 3

export interface Subjects {
  readonly subjects: readonly Manifest[]
  /** The referrers of each of them, in their order. */
  readonly listings: Promise<readonly Awaited<ReturnType<typeof listReferrers>>[]>
}

/** The referrers of each manifest, four at a time. It may be awaited later: a failure surfaces then. */
export function listAll(from: Repository, manifests: readonly Manifest[], options: CallOptions): Subjects['listings'] {
  const listings = mapConcurrent(
    manifests,
    (manifest) => listReferrers(from, manifest.digest, { ...options, manifest }),
    { ...options, limit: 4 },
  )
  listings.catch(() => undefined)
  return listings
}

/**
 * Copies the referrers of `subjects`, and the referrers of those in turn. Those with a `subject` are put by digest.
 * Cosign's keep their tag, and join the signatures that are under it at the destination; those of a signature store go
 * to the destination's, where it has one. What is broken at the source is skipped, as the image is whole without it.
 */
export async function copyReferrers(
  from: Repository,
  to: Repository,
  { subjects, listings }: Subjects,
  moveBlobs: (blobs: readonly Descriptor[]) => Promise<void>,
  { signal, mayOverwrite = true }: CallOptions & { readonly mayOverwrite?: boolean },
): Promise<{ readonly copied: number; readonly skipped: readonly SkippedReferrer[] }> {
  const options = { signal }
  const work: ReferrersCopy = { from, to, moveBlobs, options, mayOverwrite }
  const seen = new Set<string>(subjects.map((manifest) => manifest.digest))
  const skipped: SkippedReferrer[] = []
  let copied = 0
  let level = subjects
  for (let steps = 0; level.length > 0 && steps <= MAX_STEPS; steps++) {
    const next: Manifest[] = []
    const listed = await (steps === 0 ? listings : listAll(from, level, options))
    for (const [index, subject] of level.entries()) {
      const { items = [], end = { complete: true } } = listed[index] ?? {}
      if (!end.complete) skipped.push({ name: subject.digest, reason: `not all of its referrers: ${end.reason}` })
      for (const referrer of items) {
        const name = nameOfReferrer(referrer)
        // The attestations of an index are its children, and copied with it.
        if (referrer.source === 'attestation-child' || seen.has(name)) continue
        seen.add(name)
        const outcome =
          steps === MAX_STEPS
            ? { reason: `referrers of referrers are copied at most ${MAX_STEPS} levels deep` }
            : referrer.source === 'signature-store'
              ? await copyStored(work, subject, referrer)
              : await copyManifest(work, subject, referrer)
        if ('reason' in outcome) {
          skipped.push({ name, ...(referrer.source === 'cosign-tag' && { tag: referrer.tag }), ...outcome })
          continue
        }
        copied++
        if (outcome.manifest) next.push(outcome.manifest)
      }
    }
    level = next
  }
  return { copied, skipped }
}

type Outcome = { readonly manifest?: Manifest } | { readonly reason: string }

/** A referrer that can't be copied is reported on its own: the image is copied all the same. */
async function copyManifest(
  work: ReferrersCopy,
  subject: Manifest,
  referrer: Exclude<ManifestReferrer, { source: 'attestation-child' }>,
): Promise<Outcome> {
  try {
    return await tryToCopy(work, subject, referrer)
  } catch (error) {
    work.options.signal?.throwIfAborted()
    if (error instanceof FormatError || isRegistryError(error, ...BROKEN)) return { reason: error.message }
    throw error
  }
}

const BROKEN = ['not-found', 'missing-content', 'digest-mismatch', 'size-mismatch', 'malformed', 'too-large'] as const

async function tryToCopy(
  work: ReferrersCopy,
  subject: Manifest,
  referrer: Exclude<ManifestReferrer, { source: 'attestation-child' }>,
): Promise<Outcome> {
  const { from, to, moveBlobs, options } = work
  const manifest = await readIfPresent(from, referrer.descriptor.digest, options)
  if (!manifest) return { reason: 'the source lists it but doesn’t have it' }
  const plan = await planCopy(from, manifest, options)
  await moveBlobs(plan.blobs)
  for (const child of plan.levels.flat()) await to.putManifest(child.digest, child, options)
  if (referrer.source === 'api') {
    await to.putManifest(manifest.digest, manifest, options)
    return { manifest }
  }
  const { tag } = referrer
  const found = await digestAt(to, tag, options)
  if (found !== undefined && found !== manifest.digest) return join(work, subject.digest, tag, manifest)
  if (found === undefined) await to.putManifest(tag, manifest, { ...options, expect: null })
  return { manifest }
}

/** Existing signatures may be by others, and aren't ours to drop. */
async function join(
  { to, mayOverwrite, options }: ReferrersCopy,
  subject: Digest,
  tag: Tag,
  manifest: Manifest,
): Promise<Outcome> {
  const suffix = parseReferrersTag(tag)?.suffix
  const other = { reason: `${tag} already exists at the destination and differs` }
  // An `.sbom` is one document, and we can't decide which of two is right.
  if (manifest.kind !== 'oci-image' || !suffix || suffix === 'sbom') return other
  if (!mayOverwrite && !(await holdsCosignLayers(to, tag, manifest.layers, options)))
    return { reason: `adding signatures to ${tag} requires the right to overwrite tags` }
  try {
    await addCosignLayers(to, subject, suffix, manifest.layers, options)
    return {}
  } catch (error) {
    if (isRegistryError(error, 'unsupported')) return other
    throw error
  }
}

async function copyStored(
  { to, options }: ReferrersCopy,
  subject: Manifest,
  { content }: SignatureReferrer,
): Promise<Outcome> {
  const store = await to.signatures(options)
  if (!store) return { reason: 'the destination can’t store signatures' }
  try {
    // A store takes signatures only of what the registry holds, and the tag of what is copied comes last.
    if (!(await digestAt(to, subject.digest, options))) await to.putManifest(subject.digest, subject, options)
    if (!(await holds(store, subject.digest, content, options))) await store.put(subject.digest, content, options)
    return {}
  } catch (error) {
    // Signing is a separate right, which the right to copy an image doesn't include.
    if (isRegistryError(error, 'denied', 'invalid', 'unsupported', 'not-found')) return { reason: error.message }
    throw error
  }
}

async function holds(store: SignatureStore, digest: Digest, content: Uint8Array, options: CallOptions) {
  return (await store.list(digest, options)).some((known) => Buffer.compare(known.content, content) === 0)
}
