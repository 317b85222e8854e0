import type { Descriptor } from '../../oci/descriptor.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, ManifestContent, Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { edgesOf } from '../graph/edges.ts'

/** A tag that is in use again, and the image that it points at now. */
export interface TakenTag {
  readonly tag: Tag
  readonly digest: Digest
}

export interface Restored {
  readonly digest: Digest
  /** That point at it now. */
  readonly tags: readonly Tag[]
  /** Left where they are: they are in use again. */
  readonly left: readonly TakenTag[]
}

/**
 * Restores a deleted manifest under its tags: the identical bytes, so the identical digest. Tags that point at another
 * image by now are left there, and where all do it's back under its digest only. Nothing is written when content that
 * it needs is missing; tags that it has already are left, so that an interrupted restore can be repeated. What the
 * registry only says it has doesn't count: distribution remembers blobs that garbage collection has removed beside it.
 * @param tags without any the manifest is put back under its digest only
 * @param options.replacing what the tags point at now where they were moved: they are moved back from there only
 * @param options.served blobs that a moment ago the registry sent, which aren't asked for again; those of this one are added
 * @throws RegistryError `missing-content`, naming what garbage collection has taken; `conflict` when the manifest is
 * there and all tags are in use again, so that there is nothing to restore
 */
export async function restoreManifest(
  repository: Repository,
  content: ManifestContent,
  tags: readonly Tag[],
  { signal, replacing, served }: RestoreOptions & { readonly served?: Set<Digest> | undefined } = {},
): Promise<Restored> {
  const options = { signal }
  const unserved: Digest[] = []
  const hasBlob = async (blob: Descriptor) => {
    const answer = served?.has(blob.digest) ? 'sent' : await askForBlob(repository, blob, options)
    if (answer === 'sent') served?.add(blob.digest)
    if (answer === 'only-said') unserved.push(blob.digest)
    return answer !== 'absent'
  }
  const manifest = manifestOf(content)
  const missing = await missingContent(repository, manifest, { signal, hasBlob })
  const { digest } = manifest
  const place = { host: repository.registry.location, repository: repository.name }
  if (missing.length > 0)
    throw new RegistryError(
      'missing-content',
      `${digest} can’t be restored: garbage collection has removed ${missing.join(', ')}`,
      { ...place, expected: missing.join(', ') },
    )
  if (unserved.length > 0) throw stale(digest, unserved, place)
  const put = (to: Tag | Digest, expect?: Digest | null) => repository.putManifest(to, content, { ...options, expect })
  const left: TakenTag[] = []
  for (const tag of tags) {
    const at = await nowInTheWay(() => put(tag, replacing ?? null))
    // It was moved before, and deleted since.
    const now = at === 'absent' ? await nowInTheWay(() => put(tag, null)) : at
    if (isDigest(now) && now !== digest) left.push({ tag, digest: now })
  }
  if (left.length === tags.length) {
    const [first] = left
    if (first && (await isFutile(repository, digest, { signal, replacing })))
      throw new RegistryError('conflict', `the tag ${first.tag} is in use again`, {
        ...place,
        expected: 'absent',
        found: first.digest,
      })
    await put(digest)
  }
  if (!(await isServed(repository, digest, options))) throw stale(digest, [digest], place)
  return { digest, tags: tags.filter((tag) => !left.some((one) => one.tag === tag)), left }
}

/** What a tag points at instead of what it was expected to, or that it is `absent`; undefined if it was written. */
async function nowInTheWay(put: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await put()
    return undefined
  } catch (error) {
    if (isRegistryError(error, 'conflict') && error.found !== undefined) return error.found
    throw error
  }
}

type HasBlob = (blob: Descriptor) => Promise<boolean>

type RestoreOptions = CallOptions & { readonly replacing?: Digest | undefined }

/** What keeps a saved manifest from being restored as it was; nothing of all when it can be. */
export interface RestoreObstacles {
  /** Content that the registry no longer has. */
  readonly missing: readonly Digest[]
  /** Tags that point at other images now, and would be left there. */
  readonly taken: readonly TakenTag[]
  /** Whether a restore would change nothing: the manifest is there, and all its tags are taken. */
  readonly isFutile: boolean
}

/** As `restoreManifest` finds out before it writes, without reading the first byte of each blob. */
export async function obstaclesToRestore(
  repository: Repository,
  content: ManifestContent,
  tags: readonly Tag[],
  options: RestoreOptions = {},
): Promise<RestoreObstacles> {
  const { signal, replacing } = options
  const manifest = manifestOf(content)
  const hasBlob = async ({ digest }: Descriptor) => (await repository.statBlob(digest, { signal })) !== undefined
  const [missing, found] = await Promise.all([
    missingContent(repository, manifest, { signal, hasBlob }),
    mapConcurrent(tags, (tag) => digestAt(repository, tag, { signal }), { signal }),
  ])
  const taken = tags.flatMap((tag, i): TakenTag[] => {
    const at = found[i]
    return at === undefined || at === manifest.digest || at === replacing ? [] : [{ tag, digest: at }]
  })
  const areAllTaken = taken.length > 0 && taken.length === tags.length
  return { missing, taken, isFutile: areAllTaken && (await isFutile(repository, manifest.digest, options)) }
}

function manifestOf({ bytes, mediaType, digest }: ManifestContent): Manifest {
  return parseManifest(bytes, { contentType: mediaType, ...(digest && { digest }) })
}

/** Whether all tags of a manifest are taken and it needn't be put back either: one whose tag was moved was never deleted. */
async function isFutile(
  repository: Repository,
  digest: Digest,
  { signal, replacing }: RestoreOptions,
): Promise<boolean> {
  return replacing !== undefined || (await digestAt(repository, digest, { signal })) !== undefined
}

async function missingContent(
  repository: Repository,
  manifest: Manifest,
  { hasBlob, ...options }: CallOptions & { readonly hasBlob: HasBlob },
): Promise<Digest[]> {
  const edges = new Map(edgesOf(manifest).map((edge) => [edge.descriptor.digest, edge]))
  const held = await mapConcurrent(
    [...edges.values()],
    async ({ descriptor, to }) => {
      // Foreign layers needn't be here; of what can't be verified the registry itself decides.
      if (isForeignLayer(descriptor) || !isDigest(descriptor.digest)) return true
      if (to === 'blob') return hasBlob(descriptor)
      return (await digestAt(repository, descriptor.digest, options)) !== undefined
    },
    options,
  )
  return [...edges.keys()].filter((_, i) => !held[i])
}

/** Whether its first byte comes, or it is `only-said` to be there. */
async function askForBlob(
  repository: Repository,
  { digest, size }: Descriptor,
  options: CallOptions,
): Promise<'sent' | 'only-said' | 'absent'> {
  if (size === 0) return (await repository.statBlob(digest, options)) ? 'sent' : 'absent'
  try {
    const { stream } = await repository.blob(digest, { ...options, range: { start: 0, end: 0 } })
    for await (const _ of stream) return 'sent'
    return 'only-said'
  } catch (error) {
    const isSaid = isRegistryError(error, 'not-found', 'size-mismatch')
    // Distribution begins an answer from its memory, and breaks it off; a registry that is down says nothing.
    if (!isSaid && !isRegistryError(error, 'unreachable')) throw error
    if (await repository.statBlob(digest, options)) return 'only-said'
    if (!isSaid) throw error
    return 'absent'
  }
}

async function isServed(repository: Repository, digest: Digest, options: CallOptions): Promise<boolean> {
  try {
    await repository.manifest(digest, { ...options, fresh: true })
    return true
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return false
    throw error
  }
}

function stale(
  digest: Digest,
  unserved: readonly Digest[],
  place: { host: string; repository: string },
): RegistryError {
  const message = `${digest} can’t be restored yet: the registry says it has ${unserved.join(', ')}, but doesn’t send it. If garbage collection ran while the registry was running, restart the registry and try again`
  return new RegistryError('missing-content', message, { ...place, expected: unserved.join(', ') })
}
