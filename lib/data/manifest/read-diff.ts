import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type Page, pageOf } from '../../format/page-of.ts'
import { diffImages, type ImageDiff } from '../../image/diff/diff.ts'
import { diffIndexes, type PlatformChange } from '../../image/diff/diff-indexes.ts'
import { diffJson, type JsonDiff } from '../../image/diff/diff-json.ts'
import { type Image, imageOf } from '../../image/inspect/image.ts'
import { fittingChild } from '../../image/platform/choose-child.ts'
import { resolvePlatform } from '../../image/platform/resolve-platform.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { formatPlatform, parsePlatform } from '../../oci/platform.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import type { Repository } from '../../registry/registry.ts'
import type { DiffSideReference } from '../../routes/diff-page.ts'
import { recentlyMade } from '../recently-made.ts'
import { openRepository } from '../registries/open.ts'
import { platformSizes } from './platform-sizes.ts'

export type { FieldChange, FieldValue, NamedChange } from '../../image/diff/diff-fields.ts'
export type { PlatformChange } from '../../image/diff/diff-indexes.ts'
export type { JsonDiff } from '../../image/diff/diff-json.ts'
export type { LayerCell, LayerDiff, LayerRow } from '../../image/diff/diff-layers.ts'

export interface DiffSideView extends DiffSideReference {
  /** What the selector stands for. */
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
  /** How the indexes differ as a whole. */
  readonly entries: readonly PlatformChange[]
  /** Which of them the comparison below is of. */
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
    a.manifest.kind === 'index' && b.manifest.kind === 'index' ? diffIndexes(a.manifest, b.manifest) : []
  const wanted = platform ?? commonPlatform(a.manifest, platforms)
  const images = await attempt(() => Promise.all([childOf(a, wanted), childOf(b, wanted)]))
  const [imageA, imageB] = images.ok ? images.value : []
  // Its row may spell the platform otherwise than the address does.
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
    images: images.ok ? await attempt(() => differencesOf(...images.value)) : images,
  }
}

/** Rows from which on comparing takes longer than everything else. */
const LARGE = 2_000

/** Both are known by their digests, so that nothing of it changes. */
const recently = recentlyMade<Differences>('differences', {
  most: 8,
  keepFor: 60_000,
  isWorthKeeping: ({ diff }) => diff.labels.length + diff.env.length + diff.rows.length > LARGE,
})

function differencesOf(before: Image, after: Image): Promise<Differences> {
  const key = [before, after].map(({ manifest, config }) => `${manifest.digest} ${config ? 'whole' : 'without config'}`)
  return recently(key.join(' '), async () => ({
    diff: diffImages(before, after),
    raw: diffJson(before.manifest.bytes, after.manifest.bytes),
  }))
}

/** Why a side can't be read; undefined when it can. */
export async function readSideProblem(actor: Actor, side: DiffSideReference): Promise<Problem | undefined> {
  const read = await attempt(() => readSide(actor, side))
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

async function childOf({ repository, manifest }: Side, platform: string | undefined): Promise<Image> {
  return imageOf(
    repository,
    await resolvePlatform(repository, manifest, platform ? parsePlatform(platform) : undefined),
  )
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
