import 'server-only'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import { type Page, pageOf } from '../../format/page-of.ts'
import { diffImages, type ImageDiff } from '../../image/diff/diff.ts'
import { diffIndexes, type PlatformChange } from '../../image/diff/diff-indexes.ts'
import { diffJson, type JsonDiff } from '../../image/diff/diff-json.ts'
import { type Image, imageOf } from '../../image/inspect/image.ts'
import { imageSizes } from '../../image/inspect/image-sizes.ts'
import { fittingChild } from '../../image/platform/choose-child.ts'
import { resolvePlatform } from '../../image/platform/resolve-platform.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { formatPlatform, parsePlatform } from '../../oci/platform.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Repository } from '../../registry/registry.ts'
import type { DiffSideReference } from '../../routes/diff-side.ts'
import { recentlyMade } from '../recently-made.ts'
import { openRepository } from '../registries/open.ts'

export type { FieldChange, FieldValue, NamedChange } from '../../image/diff/diff-fields.ts'
export type { PlatformChange } from '../../image/diff/diff-indexes.ts'
export type { JsonDiff } from '../../image/diff/diff-json.ts'
export type { LayerCell, LayerDiff, LayerRow } from '../../image/diff/diff-layers.ts'

export interface DiffSideView extends DiffSideReference {
  /** The digest that the selector resolves to. */
  readonly digest: string
  readonly mediaType: string
  /** What is compared: the manifest itself, or the child of the index for the platform. */
  readonly compared: { readonly digest: string; readonly platform?: string }
}

export interface PlatformRow extends PlatformChange {
  /** Compressed bytes. */
  readonly beforeBytes?: number
  readonly afterBytes?: number
}

/** Platforms on one page: each is read for its size. */
const PLATFORMS = 50

export interface DiffPage {
  readonly a: DiffSideView
  readonly b: DiffSideView
  /** One page of the platforms of two indexes, each with its size where that's known. */
  readonly platforms: Page<PlatformRow>
  /** The differences of the indexes as a whole. */
  readonly entries: readonly PlatformChange[]
  /** Which of them is compared below. */
  readonly platform?: string
  /** Why the two images below could not be compared, though their indexes could. */
  readonly images: Attempt<Differences>
}

interface Differences {
  readonly diff: ImageDiff
  readonly raw: JsonDiff
}

/**
 * Compares two manifests of any kind and anywhere. Of an index the child for `platform` is taken, by default the one
 * that both have, linux/amd64 before others.
 * @throws RegistryError, FormatError, AccessError for a side that cannot be read
 */
export async function readDiff(
  actor: Actor,
  sideA: DiffSideReference,
  sideB: DiffSideReference,
  platform?: string,
  platformsPage = 1,
): Promise<DiffPage> {
  const [a, b] = await Promise.all([readSide(actor, sideA), readSide(actor, sideB)])
  const platforms =
    a.manifest.kind === 'index' && b.manifest.kind === 'index' ? await diffIndexes(a.manifest, b.manifest) : []
  const wanted = platform ?? commonPlatform(a.manifest, platforms)
  const images = await attempt(() => Promise.all([childOf(a, wanted), childOf(b, wanted)]), actor)
  const [imageA, imageB] = images.ok ? images.value : []
  // Its row may spell the platform differently from the URL.
  const row = platforms.find(
    ({ before, after }) => before === imageA?.manifest.digest && after === imageB?.manifest.digest,
  )
  const shown = row?.platform ?? wanted
  return {
    a: sideView(a, imageA),
    b: sideView(b, imageB),
    platforms: await withSizes(a, b, pageOf(platforms, platformsPage, PLATFORMS)),
    entries: platforms,
    ...(shown && platforms.length > 0 && { platform: shown }),
    images: images.ok ? await attempt(() => differencesOf(...images.value), actor) : images,
  }
}

/** From this many rows on, comparing takes longer than everything else. */
const LARGE = 2_000

/** Both sides are digests, so the result never changes. */
const recently = recentlyMade<Differences>('differences', {
  most: 8,
  keepFor: 60_000,
  isWorthKeeping: ({ diff }) => diff.labels.length + diff.env.length + diff.rows.length > LARGE,
})

function differencesOf(before: Image, after: Image): Promise<Differences> {
  const key = [before, after].map(({ manifest, config }) => `${manifest.digest} ${config ? 'whole' : 'without config'}`)
  return recently(key.join(' '), async () => {
    const diff = diffImages(before, after)
    // For large documents each step takes a good part of the time that others may have to wait.
    await nextTurn()
    return { diff, raw: diffJson(before.manifest.bytes, after.manifest.bytes) }
  })
}

/** Why a side can't be read; undefined when it can. */
export async function readSideProblem(actor: Actor, side: DiffSideReference): Promise<Problem | undefined> {
  const read = await attempt(() => readSide(actor, side), actor)
  return read.ok ? undefined : read.problem
}

async function withSizes(a: Side, b: Side, page: Page<PlatformChange>): Promise<Page<PlatformRow>> {
  const [before, after] = await Promise.all([
    platformSizes(
      a.repository,
      page.items.map((row) => row.before),
    ),
    platformSizes(
      b.repository,
      page.items.map((row) => row.after),
    ),
  ])
  const items = page.items.map((row) => {
    const [beforeBytes, afterBytes] = [before.get(row.before ?? ''), after.get(row.after ?? '')]
    return {
      ...row,
      ...(beforeBytes !== undefined && { beforeBytes }),
      ...(afterBytes !== undefined && { afterBytes }),
    }
  })
  return { ...page, items }
}

interface Side {
  readonly reference: DiffSideReference
  readonly repository: Repository
  readonly manifest: Manifest
}

async function readSide(actor: Actor, reference: DiffSideReference): Promise<Side> {
  const repository = openRepository(actor, 'browse', reference)
  return { reference, repository, manifest: await repository.manifest(reference.selector) }
}

/** A large config takes longer to parse than to compare. */
const recentImages = recentlyMade<Image>('compared-images', {
  most: 4,
  keepFor: 60_000,
  isWorthKeeping: ({ config }) => config !== undefined && config.labels.size + config.history.length > LARGE,
})

async function childOf({ reference, repository, manifest }: Side, platform: string | undefined): Promise<Image> {
  const child = await resolvePlatform(repository, manifest, platform ? parsePlatform(platform) : undefined)
  // By repository too: each says for itself whether it holds the config.
  const key = `${reference.registry}/${reference.repository}@${child.digest}`
  return recentImages(key, () => imageOf(repository, child))
}

function commonPlatform(manifest: Manifest, platforms: readonly PlatformChange[]): string | undefined {
  const common = platforms.filter(({ attestation, before, after }) => !attestation && before && after)
  const usual = manifest.kind === 'index' ? fittingChild(manifest.manifests)?.digest : undefined
  return (common.find(({ before }) => before === usual) ?? common[0])?.platform
}

function sideView({ reference, manifest }: Side, image: Image | undefined): DiffSideView {
  const config = image?.config
  return {
    ...reference,
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    compared: {
      digest: image?.manifest.digest ?? manifest.digest,
      ...(config && { platform: formatPlatform(config) }),
    },
  }
}

/** The compressed bytes of an index's children; those that can't be read are left out. */
async function platformSizes(
  repository: Repository,
  digests: readonly (Digest | undefined)[],
): Promise<ReadonlyMap<string, number>> {
  const known = [...new Set(digests)].filter((digest) => digest !== undefined)
  const sizes = await mapConcurrent(known, async (digest) => {
    const manifest = await repository.manifest(digest).catch(() => undefined)
    const size = manifest && imageSizes(manifest)?.distinct
    return size === undefined ? [] : ([[digest, size]] as const)
  })
  return new Map(sizes.flat())
}
