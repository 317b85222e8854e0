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
  const { mediaType, digest } = content
  const manifest = parseManifest(content.bytes, { contentType: mediaType, ...(digest && { digest }) })
  const [missing, found] = await Promise.all([
    missingContent(repository, manifest, options),
    mapConcurrent(tags, (tag) => digestAt(repository, tag, options), options),
  ])
  const place = { host: repository.registry.location, repository: repository.name }
  if (missing.length > 0)
    throw new RegistryError(
      'missing-content',
      `${manifest.digest} can’t be restored: garbage collection has removed ${missing.join(', ')}`,
      { ...place, expected: missing.join(', ') },
    )
  const taken = found.findIndex((digest) => digest && digest !== manifest.digest && digest !== replacing)
  if (found[taken])
    throw new RegistryError('conflict', `the tag ${tags[taken]} is in use again`, {
      ...place,
      expected: 'absent',
      found: found[taken],
    })
  if (tags.length === 0) await repository.putManifest(manifest.digest, content, options)
  for (const [i, tag] of tags.entries())
    if (found[i] !== manifest.digest)
      await repository.putManifest(tag, content, { ...options, expect: found[i] ?? null })
  return manifest.digest
}

/** The content of a saved manifest that the registry no longer has: if there is any, it can't be restored. */
export async function missingForRestore(
  repository: Repository,
  { bytes, mediaType, digest }: ManifestContent,
  options: CallOptions = {},
): Promise<Digest[]> {
  const manifest = parseManifest(bytes, { contentType: mediaType, ...(digest && { digest }) })
  return missingContent(repository, manifest, options)
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
