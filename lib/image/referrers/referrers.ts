import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { FormatError } from '../../oci/format-error.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { isAttestation } from '../../oci/platform.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { COMPLETE, collect, type ListEnd } from '../../registry/listing.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { bundlePredicate } from './bundle-predicate.ts'
import {
  aboutOf,
  describeReferrer,
  type ManifestReferrer,
  nameOfReferrer,
  type ReadReferrer,
  type Referrer,
  type SignatureReferrer,
} from './referrer.ts'
import { type CosignSuffix, cosignTag } from './referrers-tag.ts'

export interface ListReferrersOptions extends CallOptions {
  /** The manifest that `digest` names, where the caller has it: saves a request. */
  readonly manifest?: Manifest
  /** The index through which the image was reached: it holds the attestations about it. */
  readonly parent?: IndexManifest
  /** The tags of the repository, where the caller has all of them: saves asking for each of cosign's. */
  readonly tags?: readonly string[]
}

const MAX_REFERRERS = 1000
/** Beyond these, referrers by `subject` are described by their descriptors alone. */
const MAX_READ = 100
const COSIGN: readonly CosignSuffix[] = ['sig', 'att', 'sbom']

/**
 * All referrers of a manifest, wherever tools put them, without duplicates. A referrer that cannot be read is listed
 * with its `fault`; a listing that stopped early says why in `end`. No signature is checked.
 * @throws RegistryError when the registry cannot be asked; a registry that knows no referrers has none
 */
export async function listReferrers(
  repository: Repository,
  digest: Digest,
  { signal, manifest, parent, tags }: ListReferrersOptions = {},
): Promise<{ readonly items: readonly Referrer[]; readonly end: ListEnd }> {
  const options = { signal }
  const [api, cosign, children, stored] = await Promise.all([
    fromApi(repository, digest, options),
    fromCosignTags(repository, digest, tags, options),
    fromAttestations(repository, digest, manifest, parent, options),
    fromSignatureStore(repository, digest, options),
  ])
  const unique = new Map<string, Referrer>()
  for (const referrer of [...api.items, ...cosign, ...children, ...stored.items]) {
    const name = nameOfReferrer(referrer)
    if (!unique.has(name)) unique.set(name, referrer)
  }
  return { items: [...unique.values()], end: api.end.complete ? stored.end : api.end }
}

async function fromApi(
  repository: Repository,
  digest: Digest,
  options: CallOptions,
): Promise<{ items: ManifestReferrer[]; end: ListEnd }> {
  try {
    const { items, end } = await collect(repository.referrers(digest, options), MAX_REFERRERS)
    const read = await mapConcurrent(
      items,
      async (descriptor, position): Promise<ManifestReferrer> => {
        const found = position < MAX_READ ? await tryToRead(repository, descriptor.digest, options) : {}
        const predicateType = await bundlePredicate(repository, found.manifest, options)
        const read = { ...found, ...(predicateType && { predicateType }) }
        return { ...describeReferrer('api', descriptor, read), source: 'api' }
      },
      options,
    )
    return { items: read, end }
  } catch (error) {
    if (isRegistryError(error, 'unsupported', 'not-found')) return { items: [], end: COMPLETE }
    throw error
  }
}

async function fromCosignTags(
  repository: Repository,
  digest: Digest,
  known: readonly string[] | undefined,
  options: CallOptions,
): Promise<ManifestReferrer[]> {
  const tags = COSIGN.map((suffix) => cosignTag(digest, suffix)).filter((tag) => !known || known.includes(tag))
  const found = await mapConcurrent(tags, (tag) => atCosignTag(repository, tag, options), options)
  return found.flatMap((referrer) => referrer ?? [])
}

async function atCosignTag(
  repository: Repository,
  tag: Tag,
  options: CallOptions,
): Promise<ManifestReferrer | undefined> {
  const found = await tryToRead(repository, tag, options)
  if (found.fault && isRegistryError(found.fault, 'not-found')) return undefined
  const descriptor = found.manifest ? describe(found.manifest) : await repository.resolve(tag, options)
  return { ...describeReferrer('cosign-tag', descriptor, found), source: 'cosign-tag', tag }
}

async function fromAttestations(
  repository: Repository,
  digest: Digest,
  known: Manifest | undefined,
  parent: IndexManifest | undefined,
  options: CallOptions,
): Promise<ManifestReferrer[]> {
  const manifest = known ?? (await readIfPresent(repository, digest, options))
  const own = manifest?.kind === 'index' ? manifest.manifests.filter(isAttestation) : []
  const beside = parent ? parent.manifests.filter((child) => isAttestation(child) && aboutOf(child) === digest) : []
  return await mapConcurrent(
    [...own, ...beside],
    async (child): Promise<ManifestReferrer> => {
      const described = describeReferrer('attestation-child', child, await tryToRead(repository, child.digest, options))
      const about = aboutOf(child)
      return { ...described, source: 'attestation-child', ...(about && { about }) }
    },
    options,
  )
}

/** The rest is worth showing without it, so a failing store makes the list partial instead of hiding it. */
async function fromSignatureStore(
  repository: Repository,
  digest: Digest,
  options: CallOptions,
): Promise<{ items: SignatureReferrer[]; end: ListEnd }> {
  try {
    const store = await repository.signatures(options)
    const signatures = (await store?.list(digest, options)) ?? []
    return {
      items: signatures.map((signature) => ({
        ...signature,
        source: 'signature-store',
        kind: 'signature',
        statements: [{ kind: 'signature', id: digestOf(signature.content) }],
      })),
      end: COMPLETE,
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (!isRegistryError(error)) throw error
    return {
      items: [],
      end: { complete: false, reason: `the registry’s own signatures couldn’t be read: ${error.message}` },
    }
  }
}

/** An unreachable registry fails the whole listing; a missing or broken document only its own entry. */
async function tryToRead(repository: Repository, reference: Selector, options: CallOptions): Promise<ReadReferrer> {
  try {
    return { manifest: await repository.manifest(reference, options) }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof FormatError) return { fault: error }
    if (!isRegistryError(error) || ['unreachable', 'unauthorized', 'tls'].includes(error.kind)) throw error
    return { fault: error }
  }
}

function describe(manifest: Manifest): Descriptor {
  const { mediaType, digest, size, annotations, artifactType } = manifest
  return {
    mediaType,
    digest,
    size,
    ...(annotations.size > 0 && { annotations }),
    ...(artifactType && { artifactType }),
  }
}
