import type { Descriptor } from '../oci/descriptor.ts'
import { type Digest, isDigest } from '../oci/digest.ts'
import type { IndexManifest, Manifest } from '../oci/manifest.ts'
import { isAttestation } from '../oci/platform.ts'
import type { Tag } from '../oci/reference.ts'
import { successors } from '../oci/successors.ts'
import { mapConcurrent } from '../registry/concurrent.ts'
import { isRegistryError } from '../registry/errors.ts'
import { COMPLETE, collect, type ListEnd } from '../registry/listing.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'
import { isSbomType, kindOfReferrer, type ReferrerKind } from './referrer-kind.ts'
import { type CosignSuffix, cosignTag } from './referrers-tag.ts'
import { readIfPresent } from './scan-tags.ts'

/** A manifest about another one: a signature, an attestation, a bill of materials. */
export interface Referrer {
  readonly descriptor: Descriptor
  /** `api`: its `subject` says so (referrers API or fallback tag) · `cosign-tag` · `attestation-child` of the index. */
  readonly source: 'api' | 'cosign-tag' | 'attestation-child'
  readonly kind: ReferrerKind
  /** What an attestation is about, as `https://spdx.dev/Document`; empty where the document does not say. */
  readonly predicateTypes: readonly string[]
  /** `readSbom` can be expected to find documents in it. */
  readonly sbom: boolean
  /** For `cosign-tag`. */
  readonly tag?: Tag
  /** For `attestation-child`: the image of the index that it is about. */
  readonly about?: Digest
}

export interface ListReferrersOptions extends CallOptions {
  /** The manifest that `digest` names, where the caller has it: saves a request. */
  readonly manifest?: Manifest
  /** The index through which the image was reached: it holds the attestations about it. */
  readonly parent?: IndexManifest
  /** The tags of the repository, where the caller has all of them: saves asking for each of cosign's. */
  readonly tags?: readonly string[]
}

const MAX_REFERRERS = 1000
const COSIGN: readonly CosignSuffix[] = ['sig', 'att', 'sbom']

/**
 * Everything that is said about a manifest, wherever tools put it, without duplicates. A listing that stopped early says why in `end`.
 * @throws RegistryError when the registry cannot be asked; a registry that knows no referrers has none
 */
export async function listReferrers(
  repository: Repository,
  digest: Digest,
  { signal, manifest, parent, tags }: ListReferrersOptions = {},
): Promise<{ readonly items: readonly Referrer[]; readonly end: ListEnd }> {
  const options = { ...(signal && { signal }) }
  const [api, cosign, children] = await Promise.all([
    fromApi(repository, digest, options),
    fromCosignTags(repository, digest, tags, options),
    fromAttestations(repository, digest, manifest, parent, options),
  ])
  const byDigest = new Map<Digest, Referrer>()
  for (const referrer of [...api.items, ...cosign, ...children])
    if (!byDigest.has(referrer.descriptor.digest)) byDigest.set(referrer.descriptor.digest, referrer)
  return { items: [...byDigest.values()], end: api.end }
}

async function fromApi(repository: Repository, digest: Digest, options: CallOptions) {
  try {
    const { items, end } = await collect(repository.referrers(digest, options), MAX_REFERRERS)
    return { items: items.map((descriptor) => referrer('api', descriptor, [])), end }
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
): Promise<Referrer[]> {
  const tags = COSIGN.map((suffix) => cosignTag(digest, suffix)).filter((tag) => !known || known.includes(tag))
  const found = await mapConcurrent(
    tags,
    async (tag) => {
      try {
        return { tag, manifest: await repository.manifest(tag, options) }
      } catch (error) {
        if (isRegistryError(error, 'not-found')) return undefined
        throw error
      }
    },
    options,
  )
  return found.flatMap((at) =>
    at ? [{ ...referrer('cosign-tag', describe(at.manifest), contents(at.manifest)), tag: at.tag }] : [],
  )
}

async function fromAttestations(
  repository: Repository,
  digest: Digest,
  known: Manifest | undefined,
  parent: IndexManifest | undefined,
  options: CallOptions,
): Promise<Referrer[]> {
  const manifest = known ?? (await readIfPresent(repository, digest, options))
  const own = manifest?.kind === 'index' ? manifest.manifests.filter(isAttestation) : []
  const beside = parent ? parent.manifests.filter((child) => isAttestation(child) && aboutOf(child) === digest) : []
  return await mapConcurrent(
    [...own, ...beside],
    async (child) => {
      const attestation = await readIfPresent(repository, child.digest, options)
      const about = aboutOf(child)
      return {
        ...referrer('attestation-child', child, attestation ? contents(attestation) : []),
        ...(about && { about }),
      }
    },
    options,
  )
}

function referrer(source: Referrer['source'], descriptor: Descriptor, parts: readonly Descriptor[]): Referrer {
  const all = [descriptor, ...parts]
  const predicateTypes = [...new Set(all.flatMap(predicateTypesOf))]
  const types = [...all.flatMap((part) => [part.mediaType, part.artifactType ?? '']), ...predicateTypes]
  const kind = kindOfReferrer(source, types, predicateTypes)
  return { descriptor, source, kind, predicateTypes, sbom: kind === 'sbom' || types.some(isSbomType) }
}

/** BuildKit's, cosign's and the Sigstore bundle's way to name the predicate outside of the signed document. */
function predicateTypesOf({ annotations }: Descriptor): string[] {
  const keys = ['in-toto.io/predicate-type', 'predicateType', 'dev.sigstore.bundle.predicateType']
  return keys.flatMap((key) => annotations?.get(key) ?? [])
}

function contents(manifest: Manifest): readonly Descriptor[] {
  return manifest.kind === 'index' ? [] : successors(manifest)
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

function aboutOf(attestation: Descriptor): Digest | undefined {
  const about = attestation.annotations?.get('vnd.docker.reference.digest')
  return isDigest(about) ? about : undefined
}
