import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows, mayChange } from '../../access/authorize.ts'
import { readImage } from '../../image/inspect/image.ts'
import { measureSizes } from '../../image/inspect/image-sizes.ts'
import { chooseChild } from '../../image/platform/choose-child.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { childrenOf } from '../../oci/index-entries.ts'
import type { IndexManifest } from '../../oci/manifest.ts'
import { formatPlatform, isAttestation, parsePlatform } from '../../oci/platform.ts'
import type { RepositoryName, TagOrDigest } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Registry, Repository } from '../../registry/registry.ts'
import { openRepository } from '../registries/open.ts'
import { mayCopy } from '../registries/registries.ts'
import { type ManifestRelatives, manifestRelatives } from './manifest-relatives.ts'
import { type DescriptorView, descriptorView, type ManifestView, manifestView } from './manifest-view.ts'

/** A child of an index, read as far as it could be. */
export interface ChildView {
  readonly descriptor: DescriptorView
  readonly isAttestation: boolean
  readonly child: Attempt<ManifestView>
}

/** Everything that a manifest's page shows but its referrers. */
export interface ManifestPage {
  readonly registry: string
  /** Where tools get it: a host, or the folder of a layout that no host serves. */
  readonly from: { readonly host: string } | { readonly layout: string }
  readonly repository: string
  readonly manifest: ManifestView
  /** For an index: what it lists, in its order. */
  readonly children: readonly ChildView[]
  /** Which of the children the page is about, by its digest; absent where no child can be shown. */
  readonly selected?: string
  readonly relatives: ManifestRelatives
  readonly may: { readonly retag: boolean; readonly delete: boolean; readonly copy: boolean; readonly export: boolean }
}

/**
 * Reads what is at a reference. Of an index every child is read too, and a missing one is a value of its own.
 * @param platform as in the URL; one that the index does not have selects nothing
 * @param index that the manifest was reached from
 * @throws RegistryError, FormatError, AccessError
 */
export async function readManifestPage(
  actor: Actor,
  registryName: string,
  name: RepositoryName,
  reference: TagOrDigest,
  platform?: string,
  index?: Digest,
): Promise<ManifestPage> {
  const place = { registry: registryName, repository: name }
  const repository = openRepository(actor, 'browse', place)
  const image = await readImage(repository, reference)
  const children = image.manifest.kind === 'index' ? await readChildren(repository, image.manifest) : []
  const selected = image.manifest.kind === 'index' ? selectChild(image.manifest, platform) : undefined
  // Sizes are worth a few questions, never the page.
  const sizes = await measureSizes(repository, image.manifest).catch(() => undefined)
  return {
    registry: registryName,
    from: sourceOf(repository.registry),
    repository: name,
    manifest: manifestView(image, sizes),
    children,
    ...(selected && { selected: selected.digest }),
    relatives: await manifestRelatives(repository, image.manifest.digest, reference, index),
    may: {
      ...mayChange(actor, place),
      copy: mayCopy(actor),
      export: allows(actor, 'export', place),
    },
  }
}

export interface RawManifest {
  readonly mediaType: string
  /** The document's exact text. */
  readonly text: string
}

/** The exact bytes, for the raw view. @throws RegistryError, FormatError, AccessError */
export async function readRawManifest(
  actor: Actor,
  registryName: string,
  name: RepositoryName,
  reference: TagOrDigest,
): Promise<RawManifest> {
  const { mediaType, bytes } = await openRepository(actor, 'browse', {
    registry: registryName,
    repository: name,
  }).manifest(reference)
  return { mediaType, text: new TextDecoder().decode(bytes) }
}

function sourceOf({ kind, name, publicHost, location }: Registry): ManifestPage['from'] {
  return kind === 'layout' && publicHost === name ? { layout: location } : { host: publicHost }
}

async function readChildren(repository: Repository, index: IndexManifest): Promise<ChildView[]> {
  return mapConcurrent(childrenOf(index), async (descriptor) => ({
    descriptor: descriptorView(descriptor),
    isAttestation: isAttestation(descriptor),
    child: await attempt(async () => manifestView(await readImage(repository, descriptor.digest))),
  }))
}

function selectChild(index: IndexManifest, platform: string | undefined): Descriptor | undefined {
  if (!platform) return chooseChild(childrenOf(index))
  const exact = childrenOf(index).find(
    (child) => child.digest === platform || (child.platform && formatPlatform(child.platform) === platform),
  )
  return exact ?? chooseChild(childrenOf(index), parsePlatform(platform))
}
