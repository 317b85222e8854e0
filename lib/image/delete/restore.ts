import type { Digest } from '../../oci/digest.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, ManifestContent, Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { edgesOf } from '../graph/edges.ts'

/**
 * Restores a deleted manifest under its tags: the identical bytes, so the identical digest. Nothing is written when
 * content that it needs is missing or one of the tags points at another image; tags that it has already are left, so
 * that an interrupted restore can be repeated.
 * @param tags without any the manifest is put back under its digest only
 * @param options.replacing what the tags point at now where they were moved: they are moved back from there only
 * @throws RegistryError `missing-content`, naming what garbage collection has taken; `conflict` when a tag is taken
 */
export async function restoreManifest(
  repository: Repository,
  content: ManifestContent,
  tags: readonly Tag[],
  { signal, replacing }: CallOptions & { readonly replacing?: Digest | undefined } = {},
): Promise<Digest> {
  const options = { signal }
  const { manifest, missing, found, taken } = await lookBeforeRestore(repository, content, tags, { signal, replacing })
  const place = { host: repository.registry.location, repository: repository.name }
  if (missing.length > 0)
    throw new RegistryError(
      'missing-content',
      `${manifest.digest} can’t be restored: garbage collection has removed ${missing.join(', ')}`,
      { ...place, expected: missing.join(', ') },
    )
  const [first] = taken
  if (first !== undefined)
    throw new RegistryError('conflict', `the tag ${first} is in use again`, {
      ...place,
      expected: 'absent',
      found: found[tags.indexOf(first)],
    })
  if (tags.length === 0) await repository.putManifest(manifest.digest, content, options)
  for (const [i, tag] of tags.entries())
    if (found[i] !== manifest.digest)
      await repository.putManifest(tag, content, { ...options, expect: found[i] ?? null })
  return manifest.digest
}

/** What keeps a saved manifest from being restored under its tags; nothing of both when it can be. */
export interface RestoreObstacles {
  /** Content that the registry no longer has. */
  readonly missing: readonly Digest[]
  /** Tags that point at other images now. */
  readonly taken: readonly Tag[]
}

/** All that `restoreManifest` asks before it writes. */
export async function obstaclesToRestore(
  repository: Repository,
  content: ManifestContent,
  tags: readonly Tag[],
  options: CallOptions & { readonly replacing?: Digest | undefined } = {},
): Promise<RestoreObstacles> {
  const { missing, taken } = await lookBeforeRestore(repository, content, tags, options)
  return { missing, taken }
}

async function lookBeforeRestore(
  repository: Repository,
  { bytes, mediaType, digest }: ManifestContent,
  tags: readonly Tag[],
  { signal, replacing }: CallOptions & { readonly replacing?: Digest | undefined },
) {
  const options = { signal }
  const manifest = parseManifest(bytes, { contentType: mediaType, ...(digest && { digest }) })
  const [missing, found] = await Promise.all([
    missingContent(repository, manifest, options),
    mapConcurrent(tags, (tag) => digestAt(repository, tag, options), options),
  ])
  const isTaken = (at: Digest | undefined) => at !== undefined && at !== manifest.digest && at !== replacing
  return { manifest, missing, found, taken: tags.filter((_, i) => isTaken(found[i])) }
}

async function missingContent(repository: Repository, manifest: Manifest, options: CallOptions): Promise<Digest[]> {
  const edges = new Map(edgesOf(manifest).map((edge) => [edge.descriptor.digest, edge]))
  const held = await mapConcurrent(
    [...edges.values()],
    async ({ descriptor, to }) => {
      // Foreign layers needn't be here.
      if (isForeignLayer(descriptor)) return descriptor
      return to === 'blob'
        ? repository.statBlob(descriptor.digest, options)
        : digestAt(repository, descriptor.digest, options)
    },
    options,
  )
  return [...edges.keys()].filter((_, i) => !held[i])
}
