import type { Digest } from '../oci/digest.ts'
import { parseManifest } from '../oci/parse-manifest.ts'
import type { Tag } from '../oci/reference.ts'
import { mapConcurrent } from '../registry/concurrent.ts'
import { RegistryError } from '../registry/errors.ts'
import type { CallOptions, ManifestContent, Repository } from '../registry/registry.ts'
import { digestAt } from './digest-at.ts'
import { edgesOf } from './edges.ts'

export interface RestoreOptions extends CallOptions {
  /** What the tag points at now, as shown to the user. Default `null`: it does not exist. */
  readonly expect?: Digest | null
}

/**
 * Puts a deleted manifest back under its tags: the identical bytes, so the identical digest. Nothing is written when
 * content that it needs is gone.
 * @param tags without any the manifest is put back under its digest only
 * @throws RegistryError `missing-content`, naming what garbage collection has taken; `conflict` when a tag is taken
 */
export async function restoreManifest(
  repository: Repository,
  content: ManifestContent,
  tags: readonly Tag[],
  { expect = null, signal }: RestoreOptions = {},
): Promise<Digest> {
  const options = { ...(signal && { signal }) }
  const manifest = parseManifest(content.bytes, { contentType: content.mediaType })
  const edges = new Map(edgesOf(manifest).map((edge) => [edge.descriptor.digest, edge]))
  const held = await mapConcurrent(
    [...edges.values()],
    async ({ descriptor, to }) =>
      to === 'blob'
        ? await repository.statBlob(descriptor.digest, options)
        : await digestAt(repository, descriptor.digest, options),
    options,
  )
  const missing = [...edges.keys()].filter((_, i) => !held[i])
  if (missing.length > 0)
    throw new RegistryError('missing-content', `cannot be restored: ${missing.join(', ')} is gone`, {
      host: repository.registry.location,
      repository: repository.name,
      expected: missing.join(', '),
    })
  if (tags.length === 0) return (await repository.putManifest(manifest.digest, content, options)).digest
  for (const tag of tags) await repository.putManifest(tag, content, { ...options, expect })
  return manifest.digest
}
