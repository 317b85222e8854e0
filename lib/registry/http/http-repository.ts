import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseSelector, parseTag, type RepositoryName } from '../../oci/reference.ts'
import type { DeleteCapabilities } from '../capabilities.ts'
import { RegistryError } from '../errors.ts'
import type { DeletesOptions, Registry, Repository } from '../registry.ts'
import { deleteScope } from './auth/token-scope.ts'
import { openBlob, readBlobBytes, removeBlob, statBlob } from './blobs/blobs.ts'
import { mountBlob, uploadBlob } from './blobs/uploads.ts'
import type { RegistryClient } from './client.ts'
import { corrected, NO_BLOBS, probeDeletes, remembered } from './delete/delete-capabilities.ts'
import { deleteManifest } from './delete/delete-manifest.ts'
import { deleteTag } from './delete/delete-tag.ts'
import { listTags } from './listing/tags.ts'
import { fetchManifest, resolveManifest } from './manifests/manifests.ts'
import { putManifest } from './manifests/put-manifest.ts'
import { listReferrers } from './manifests/referrers.ts'
import { signatureExtension } from './manifests/signature-extension.ts'
import type { RegistryFacts, RepositoryContext } from './repository-context.ts'

export interface KnownDeletes {
  readonly value: DeleteCapabilities
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** Supported stays supported; unsupported may be turned on by an administrator who was shown how. */
const GOOD_FOR = 600_000
const BAD_FOR = 10_000
const MAX_KNOWN = 2_000

export function createHttpRepository(
  registry: Registry,
  client: RegistryClient,
  facts: RegistryFacts,
  known: Map<RepositoryName, KnownDeletes>,
  name: RepositoryName,
): Repository {
  const context: RepositoryContext = { client, name: parseRepositoryName(name), facts }
  const deletes = async ({ probe = true, ...options }: DeletesOptions = {}) => {
    if (!probe) return remembered(facts, known.get(name)?.value)
    const before = known.get(name)
    if (before && before.until > Date.now()) return corrected(before.value, facts.tagDeletion)
    const value = await probeDeletes(context, options)
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(name, { value, until: Date.now() + (value.tagStrategy === 'none' ? BAD_FOR : GOOD_FOR) })
    return corrected(value, facts.tagDeletion)
  }
  // The types keep malformed names out; the parsers here hold where a caller's cast has let one through to a path.
  return {
    name,
    registry,
    deletes,
    tags: (options) => listTags(context, options),
    resolve: async (reference, options) => resolveManifest(context, parseSelector(reference), options),
    manifest: async (reference, options) => fetchManifest(context, parseSelector(reference), options),
    statBlob: async (digest, options) => statBlob(context, parseDigest(digest), options),
    blob: async (digest, options) => openBlob(context, parseDigest(digest), options),
    blobBytes: async (digest, options) => readBlobBytes(context, parseDigest(digest), options),
    referrers: (digest, options) => listReferrers(context, parseDigest(digest), options),
    // distribution-spec 1.1 lists tags only.
    untagged: async () => undefined,
    signatures: (options) => signatureExtension(context, options),
    nameInFolder: async () => undefined,
    putManifest: async (reference, content, options) => {
      const at = parseSelector(reference)
      const put = () => putManifest(context, at, content, options)
      return options?.expect === undefined ? put() : facts.tagTurns.run(`${name}:${at}`, put)
    },
    putBlob: async (content, options) => {
      if (options?.digest !== undefined) parseDigest(options.digest)
      return uploadBlob(context, content, options)
    },
    mountBlob: async (digest, from, options) =>
      mountBlob(context, parseDigest(digest), parseRepositoryName(from), options),
    deleteTag: async (tag, options) =>
      facts.tagTurns.run(`${name}:${parseTag(tag)}`, () =>
        deleteTag({ ...context, registryName: registry.name, deletes }, parseTag(tag), options),
      ),
    deleteManifest: async (digest, options) => deleteManifest(context, parseDigest(digest), options),
    deleteBlob: async (digest, options) => removeBlob(context, parseDigest(digest), deleteScope(name), options),
    blobUsers: async () => {
      throw new RegistryError('unsupported', NO_BLOBS.evidence, { host: client.endpoint.host, repository: name })
    },
  }
}
