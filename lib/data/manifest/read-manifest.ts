import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows, mayChange } from '../../access/authorize.ts'
import { type Page, pageHolding, pageOf } from '../../format/page-of.ts'
import { isUnknownPlatform } from '../../format/platform.ts'
import type { PullSource } from '../../format/pull-commands.ts'
import { chooseChild } from '../../image/platform/choose-child.ts'
import { listedManifests } from '../../image/platform/platform-leaf.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { isDigest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Place } from '../../oci/place.ts'
import { formatPlatform, parsePlatform } from '../../oci/platform.ts'
import { isTag, type Selector } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Repository } from '../../registry/registry.ts'
import type { ManifestPageState } from '../../routes/manifest-page-query.ts'
import { shownProtection } from '../protection/shown-protection.ts'
import type { LastSeen } from '../registries/last-seen.ts'
import { openRepository } from '../registries/open.ts'
import { mayCopy } from '../registries/registries.ts'
import { manifestOrLastSeen } from './manifest-or-last-seen.ts'
import { type ManifestRelatives, manifestRelatives } from './manifest-relatives.ts'
import { type DescriptorView, descriptorView, type ManifestView } from './manifest-view.ts'
import { sourceOf } from './pull-source.ts'
import { readView } from './read-view.ts'

/** A child of an index, read as far as possible. */
export interface ChildView {
  readonly descriptor: DescriptorView
  readonly child: Attempt<ManifestView>
}

/** Everything that a manifest's page shows, except its referrers. */
export interface ManifestPage extends Place {
  /** Where tools get it: a host, or the folder of a layout that no host serves, if the visitor may know it. */
  readonly from?: PullSource
  readonly manifest: ManifestView
  /** Set where the registry couldn't be asked. */
  readonly lastSeen?: LastSeen
  /** For an index: one page of the images that it and indexes inside it list, in order. Others aren’t read. */
  readonly children: Page<ChildView>
  /** For an index: entries that are only counted. */
  readonly folded: { readonly attestations: number; readonly notRunnable: number }
  /** Which of the children the page shows; absent where none can be shown. */
  readonly selected?: ChildView
  readonly relatives: ManifestRelatives
  /** The rule that protects a tag that the page names, by tag. */
  readonly protectedBy: Readonly<Record<string, string>>
  readonly may: {
    readonly retag: boolean
    readonly delete: boolean
    readonly copy: boolean
    readonly export: boolean
    readonly label: boolean
  }
}

/**
 * Reads what a reference points at. Of an index, one page of its children is read too; a missing child is a value.
 * @param state as in the URL: a platform that the index doesn't have selects nothing
 * @throws RegistryError, FormatError, AccessError
 */
export async function readManifestPage(
  actor: Actor,
  place: Place,
  reference: Selector,
  state: Pick<ManifestPageState, 'platform' | 'platforms' | 'index'>,
): Promise<ManifestPage> {
  const opened = openRepository(actor, 'browse', place)
  const { repository, manifest, lastSeen } = await manifestOrLastSeen(actor, opened, reference)
  const index = isDigest(state.index) ? state.index : undefined
  const from = await sourceOf(actor, repository, reference)
  const listed = await readListed(repository, manifest, state)
  const relatives = await manifestRelatives(repository, manifest.digest, reference, index)
  const tags = [reference, ...relatives.others.tags, ...(relatives.parent?.others.tags ?? [])].filter(isTag)
  return {
    ...place,
    ...(from && { from }),
    ...(lastSeen && { lastSeen }),
    manifest: await readView(repository, manifest),
    ...listed,
    relatives,
    protectedBy: await shownProtection(place, tags),
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
export async function readRawManifest(actor: Actor, place: Place, reference: Selector): Promise<RawManifest> {
  const { mediaType, bytes } = await openRepository(actor, 'browse', place).manifest(reference)
  return { mediaType, text: new TextDecoder().decode(bytes) }
}

/** Children on one page of the platforms table. */
const CHILDREN = 50

async function readListed(
  repository: Repository,
  manifest: Manifest,
  { platform, platforms }: Pick<ManifestPageState, 'platform' | 'platforms'>,
): Promise<Pick<ManifestPage, 'children' | 'folded' | 'selected'>> {
  if (manifest.kind !== 'index')
    return { children: pageOf([], 1, CHILDREN), folded: { attestations: 0, notRunnable: 0 } }
  const { runnable: others, attestations } = await listedManifests(repository, manifest)
  const selected = selectChild([...others, ...attestations], platform ?? undefined)
  const rows = others.filter((child) => child === selected || !isUnknownPlatform(platformText(child)))
  const read = once((child: Descriptor) => readChild(repository, child))
  const page = pageOf(rows, platforms ?? pageHolding(selected ? rows.indexOf(selected) : 0, CHILDREN), CHILDREN)
  const [items, shown] = await Promise.all([mapConcurrent(page.items, read), selected && read(selected)])
  return {
    children: { ...page, items },
    folded: { attestations: attestations.length, notRunnable: others.length - rows.length },
    ...(shown && { selected: shown }),
  }
}

async function readChild(repository: Repository, descriptor: Descriptor): Promise<ChildView> {
  return {
    descriptor: descriptorView(descriptor),
    child: await attempt(async () => readView(repository, await repository.manifest(descriptor.digest))),
  }
}

/** The selected child is usually on the page too: it's read once. */
function once<T, R>(work: (input: T) => Promise<R>): (input: T) => Promise<R> {
  const results = new Map<T, Promise<R>>()
  return (input) => {
    const result = results.get(input) ?? work(input)
    results.set(input, result)
    return result
  }
}

function platformText({ platform }: Descriptor): string | undefined {
  return platform && formatPlatform(platform)
}

function selectChild(children: readonly Descriptor[], platform: string | undefined): Descriptor | undefined {
  if (!platform) return chooseChild(children)
  const exact = children.find(
    (child) => child.digest === platform || (child.platform && formatPlatform(child.platform) === platform),
  )
  return exact ?? chooseChild(children, parsePlatform(platform))
}
