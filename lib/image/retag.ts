import type { Digest } from '../oci/digest.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { Tag, TagOrDigest } from '../oci/reference.ts'
import { RegistryError } from '../registry/errors.ts'
import type { CallOptions, ManifestContent, Repository } from '../registry/registry.ts'
import { digestAt, movedError } from './digest-at.ts'

export interface RetagOptions extends CallOptions {
  readonly from: TagOrDigest
  readonly to: Tag
  /** What `to` pointed at when the user was asked; `null`: it did not exist. */
  readonly expect: Digest | null
}

export interface Retagged {
  /** What `to` points at now. Differs from the source only for schema 1, which carries its tag inside. */
  readonly digest: Digest
  /** What `to` pointed at before. */
  readonly previous?: Digest
  /** `to` pointed there already, so nothing was written. */
  readonly unchanged?: true
}

/**
 * Gives the manifest at `from` the further tag `to`: identical bytes, one GET, one HEAD and one PUT. The answer to the
 * PUT names the digest that was stored, so that no further request is needed to verify it.
 * @throws RegistryError `conflict` with `expected` and `found` when `to` is not what the user was shown
 */
export async function retag(repository: Repository, { from, to, expect, signal }: RetagOptions): Promise<Retagged> {
  const options = { ...(signal && { signal }) }
  const manifest = await repository.manifest(from, options)
  if (expect === manifest.digest) {
    await expectUnmoved(repository, to, expect, options)
    return { digest: manifest.digest, previous: expect, unchanged: true }
  }
  const content = contentForTag(repository, manifest, to)
  const stored = await repository.putManifest(to, content, { ...options, expect })
  if (content.digest && stored.digest !== content.digest)
    throw new RegistryError('digest-mismatch', `${repository.name}:${to} was stored as ${stored.digest}`, {
      host: repository.registry.location,
      repository: repository.name,
      expected: content.digest,
      found: stored.digest,
    })
  return { digest: stored.digest, ...(expect && { previous: expect }) }
}

/** The bytes that stand for `manifest` under another name. Their digest is known, except where they are signed anew. */
function contentForTag(
  repository: Repository,
  manifest: Manifest,
  to: Tag,
): ManifestContent & { readonly digest?: Digest } {
  if (manifest.kind === 'schema1')
    throw new RegistryError('unsupported', 'a schema 1 manifest carries its tag inside and cannot be retagged', {
      host: repository.registry.location,
      repository: repository.name,
    })
  return { mediaType: manifest.mediaType, bytes: manifest.bytes, digest: manifest.digest }
}

async function expectUnmoved(repository: Repository, tag: Tag, expect: Digest, options: CallOptions): Promise<void> {
  const found = await digestAt(repository, tag, options)
  if (found !== expect) throw movedError(repository, tag, expect, found)
}
