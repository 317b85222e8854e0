import type { Referrer } from '../../image/referrers/referrer.ts'
import { listReferrers } from '../../image/referrers/referrers.ts'
import { parseReferrersTag, type ReferrersTag } from '../../image/referrers/referrers-tag.ts'
import { type Digest, hexOf, isDigest } from '../../oci/digest.ts'
import { isProvenanceType } from '../../oci/known-types.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isOutage, isRegistryError } from '../../registry/errors.ts'
import { collect } from '../../registry/listing.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { readTogether } from '../../store/read-together.ts'
import type { Store } from '../../store/store.ts'
import { ATTACHED, attachedBits, knownAttached, recordAttached } from '../database/attached.ts'
import { placeOf } from '../read-through/place-of.ts'
import { type LookOptions, unbounded } from './sync-tags.ts'

/** Images of one repository that the registry is asked about in one look; the next look goes on. */
const MOST_ASKED = 500
/** Milliseconds after a push in which signatures usually follow: until then the registry is asked again. */
const SETTLES_IN = 86_400_000

/**
 * Records what is attached to the images of a repository. The tags that cosign and the referrers' fallback use are in
 * the list of tags, so that a registry without the referrers API is asked only about images that have something. With
 * the API each image is asked about once, and again while it is new.
 * @param listed all tags, those of referrers too
 * @throws RegistryError for an outage, StoreError
 */
export async function syncAttachments(
  store: Store,
  repository: Repository,
  { id, listed, isComplete, at }: { id: number; listed: readonly string[]; isComplete: boolean; at: number },
  { limit, gate = unbounded, signal }: LookOptions,
): Promise<void> {
  const options = signal ? { signal } : {}
  const images = await readTogether(store, id, knownAttached)
  const hints = hintsIn(listed)
  const hasApi = await apiOf(repository, images[0]?.digest, options)
  const unknown = []
  const settled = []
  for (const { digest, attached, since } of images) {
    const hint = hints.get(hexOf(digest as Digest).slice(0, 64)) ?? []
    if (hint.length > 0 ? isSaid(hint, attached) : hasApi ? attached !== undefined && at - since > SETTLES_IN : false)
      continue
    if (hint.length > 0 || hasApi) unknown.push(digest as Digest)
    // What a partial list doesn't show may be there all the same.
    else if (isComplete && attached !== 0) settled.push({ digest, attached: 0 })
  }
  const read = await mapConcurrent(
    unknown.slice(0, MOST_ASKED),
    (digest) => gate(() => attachedTo(repository, digest, listed, options)),
    { limit: Math.max(1, Math.floor(limit / 2)), ...options },
  )
  await recordAttached(store, placeOf(repository), [...settled, ...read.flatMap((found) => found ?? [])])
}

/** Tags of referrers by the first 64 digits of what they hang on, which is what each of them keeps. */
function hintsIn(listed: readonly string[]): ReadonlyMap<string, readonly ReferrersTag[]> {
  return Map.groupBy(
    listed.flatMap((tag) => parseReferrersTag(tag) ?? []),
    ({ hex }) => hex.slice(0, 64),
  )
}

/** Whether everything that tags hint at is recorded already. */
function isSaid(hints: readonly ReferrersTag[], attached: number | undefined): boolean {
  if (attached === undefined) return false
  return hints.every(({ suffix }) => {
    if (suffix === 'sig') return (attached & ATTACHED.signature) > 0
    if (suffix === 'sbom') return (attached & ATTACHED.sbom) > 0
    return attached > 0
  })
}

async function attachedTo(repository: Repository, digest: Digest, tags: readonly string[], options: CallOptions) {
  try {
    const { items, end } = await listReferrers(repository, digest, { ...options, tags })
    const attached = attachedBits({
      signature: items.some(({ statements }) => statements.some(({ kind }) => kind === 'signature')),
      sbom: items.some((referrer) => referrer.source !== 'signature-store' && referrer.sbom),
      provenance: items.some(isProvenance),
    })
    return end.complete || attached > 0 ? { digest, attached } : undefined
  } catch (error) {
    options.signal?.throwIfAborted()
    if (!isRegistryError(error) || isOutage(error)) throw error
    return undefined
  }
}

function isProvenance(referrer: Referrer): boolean {
  return referrer.source !== 'signature-store' && referrer.predicateTypes.some(isProvenanceType)
}

interface Known {
  hasApi: boolean | undefined
  /** Repositories that said no. */
  refusals: number
}

const known = new WeakMap<object, Known>()
/** Repositories without the API after which the whole registry counts as lacking it. */
const ENOUGH = 3

/** Whether the registry answers the referrers API: found out on the first repositories that have an image. */
async function apiOf(repository: Repository, image: string | undefined, options: CallOptions): Promise<boolean> {
  const facts = known.get(repository.registry) ?? { hasApi: undefined, refusals: 0 }
  known.set(repository.registry, facts)
  if (facts.hasApi !== undefined) return facts.hasApi
  if (image === undefined || !isDigest(image)) return false
  try {
    await collect(repository.referrers(image, { ...options, isApiOnly: true }), 1)
    facts.hasApi = true
  } catch (error) {
    if (!isRegistryError(error, 'unsupported')) {
      options.signal?.throwIfAborted()
      if (!isRegistryError(error) || isOutage(error)) throw error
    }
    facts.refusals += 1
    if (facts.refusals >= ENOUGH) facts.hasApi = false
  }
  return facts.hasApi ?? false
}
