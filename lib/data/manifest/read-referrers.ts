import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { isUnknownPlatform } from '../../format/platform.ts'
import { findEntry } from '../../image/platform/platform-leaf.ts'
import { type ManifestReferrer, nameOfReferrer, type Referrer } from '../../image/referrers/referrer.ts'
import type { ReferrerKind } from '../../image/referrers/referrer-kind.ts'
import { listReferrers } from '../../image/referrers/referrers.ts'
import { cosignTag } from '../../image/referrers/referrers-tag.ts'
import { claimOfPayloads, type PayloadClaim } from '../../image/referrers/signed-payloads.ts'
import { countStatements, type Statement } from '../../image/referrers/statements.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isImageConfigType, MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Place } from '../../oci/place.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { recordedTime } from '../../oci/recorded-time.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { openRepository } from '../registries/open.ts'
import { type DescriptorView, descriptorView } from './manifest-view.ts'

export type ReferrerView = ManifestReferrerView | StoredSignatureView

interface ManifestReferrerView {
  readonly source: ManifestReferrer['source']
  readonly kind: ReferrerKind
  readonly descriptor: DescriptorView
  /** The cosign tag it was found under. */
  readonly tag?: string
  /** Its stated types: predicate types, else its artifact type, else the types of its content. Never empty. */
  readonly types: readonly string[]
  /** ISO time, as claimed by its annotation. */
  readonly created?: string
  /** An SBOM can be read from it. */
  readonly sbom: boolean
  readonly statements: readonly Statement[]
  /** It is signed itself, as `cosign sign --attachment sbom` does. */
  readonly isSigned?: boolean
  /** Bytes of all its content; absent if unknown. */
  readonly bytes?: number
  /** The platform of the index that it is about; absent when it is about the manifest of the page. */
  readonly about?: string
  /** The subjects that its signatures and statements name, if they can be read. */
  readonly claim?: PayloadClaim
  readonly problem?: Problem
}

/** Kept by the registry's signature store: without a manifest, and so without a digest. */
interface StoredSignatureView {
  readonly source: 'signature-store'
  readonly kind: 'signature'
  readonly statements: readonly Statement[]
  readonly name: string
  /** The manifest it signs, under which it is downloaded. */
  readonly subject: string
  readonly bytes: number
  readonly about?: string
}

export interface ReferrersView {
  readonly items: readonly ReferrerView[]
  /** The counts over all of them, each statement once. */
  readonly counts: Readonly<Record<ReferrerKind, number>>
  /** The platform of the index whose own referrers are listed too. */
  readonly platform?: string
  readonly partial?: string
}

/** The manifests of a page whose referrers are listed. */
export interface ReferrerSubject {
  readonly digest: Digest
  /** Of an index, the manifest whose own referrers are listed too. */
  readonly child?: Digest | undefined
  /** The index that it was reached from, which may hold attestations about it. */
  readonly parent?: Digest | undefined
}

/**
 * Signatures, attestations and SBOMs about a manifest, however they are attached. No signature is checked.
 * @throws RegistryError, FormatError, AccessError
 */
export async function readReferrers(actor: Actor, place: Place, subject: ReferrerSubject): Promise<ReferrersView> {
  const repository = openRepository(actor, 'browse', place)
  const { manifest, entry, found, partial } = await findReferrers(repository, subject)
  const root = { manifest, entry }
  const items = await mapConcurrent(found, ({ about, referrer }) => referrerView(repository, root, about, referrer))
  const platform = subject.child && aboutView(root, subject.child).about
  return { items, counts: countStatements(items), ...(platform && { platform }), ...(partial && { partial }) }
}

/** The same before any of their content is read. */
export async function findReferrers(repository: Repository, { digest, child, parent }: ReferrerSubject) {
  const [manifest, index] = await Promise.all([
    repository.manifest(digest),
    parent && repository.manifest(parent).catch(() => undefined),
  ])
  const entry = manifest.kind === 'index' && child ? await findEntry(repository, manifest, child) : undefined
  const found = new Map<string, { readonly about: Digest; readonly referrer: Referrer }>()
  let partial: string | undefined
  for (const about of [digest, ...(entry ? [entry.digest] : [])]) {
    const { items, end } = await listReferrers(repository, about, {
      ...(about === digest && { manifest }),
      ...(index?.kind === 'index' && { parent: index }),
    })
    for (const referrer of items) {
      const key = nameOfReferrer(referrer)
      if (!found.has(key)) found.set(key, { about, referrer })
    }
    if (!end.complete) partial ??= end.reason
  }
  return { manifest, entry, found: [...found.values()], partial }
}

/** One signature from the registry's own store, unchanged. @throws RegistryError `not-found`, AccessError */
export async function downloadSignature(
  actor: Actor,
  place: Place,
  subject: Digest,
  signature: string,
): Promise<Uint8Array> {
  const store = await openRepository(actor, 'browse', place).signatures()
  const found = (await store?.list(subject))?.find((each) => each.name === signature)
  if (!found) throw new RegistryError('not-found', `the registry keeps no such signature of ${subject}`)
  return found.content
}

/** The manifest of a page, and of an index the entry of the child whose own referrers are listed too. */
interface Root {
  readonly manifest: Manifest
  readonly entry: Descriptor | undefined
}

async function referrerView(
  repository: Repository,
  root: Root,
  subject: Digest,
  referrer: Referrer,
): Promise<ReferrerView> {
  if (referrer.source === 'signature-store') {
    const { source, kind, statements, name, content } = referrer
    return { source, kind, statements, name, subject, bytes: content.byteLength, ...aboutView(root, subject) }
  }
  const { source, kind, statements, descriptor, sbom, parts, fault } = referrer
  const created = recordedTime(descriptor.annotations?.get('org.opencontainers.image.created'))
  const about = source === 'attestation-child' ? referrer.about : subject
  const claim = parts && about && (await claimOfPayloads(repository, about, parts))
  return {
    source,
    kind,
    descriptor: descriptorView(descriptor),
    types: typesOf(referrer),
    ...(created && { created }),
    sbom,
    statements,
    // Beyond those that are read, none is asked about.
    ...(kind === 'sbom' && parts && (await isSigned(repository, descriptor.digest)) && { isSigned: true }),
    ...(parts && { bytes: parts.reduce((sum, { size }) => sum + Math.max(0, size), 0) }),
    ...(source === 'cosign-tag' && { tag: referrer.tag }),
    ...aboutView(root, about),
    ...(claim && { claim }),
    ...(fault && { problem: problemOf(fault) }),
  }
}

/** Whether cosign has signed an attached SBOM, under a tag of its own digest. It is a hint, so no failure counts. */
async function isSigned(repository: Repository, digest: Digest): Promise<boolean> {
  return repository.resolve(cosignTag(digest, 'sig')).then(
    () => true,
    () => false,
  )
}

/** The types of an image config and of an empty document don't identify a referrer. */
function typesOf({ predicateTypes, descriptor, parts = [] }: ManifestReferrer): readonly string[] {
  const { artifactType = '', mediaType } = descriptor
  const isTelling = artifactType !== '' && artifactType !== MEDIA_TYPE.ociEmpty && !isImageConfigType(artifactType)
  const carried = [...new Set(parts.map((part) => part.mediaType))]
  return [predicateTypes, isTelling ? [artifactType] : [], carried].find((types) => types.length > 0) ?? [mediaType]
}

function aboutView({ manifest, entry }: Root, subject: Digest | undefined): { readonly about?: string } {
  if (manifest.kind !== 'index' || !subject || subject === manifest.digest) return {}
  const child = subject === entry?.digest ? entry : manifest.manifests.find(({ digest }) => digest === subject)
  const platform = child?.platform && formatPlatform(child.platform)
  return { about: platform && !isUnknownPlatform(platform) ? platform : subject }
}
