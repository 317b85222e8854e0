import { sql } from 'kysely'
import { readPacked } from '../../store/read-packed.ts'
import { forReport, type Store } from '../../store/store.ts'
import { addedPlace, addedTo, hasAdded } from './added-labels.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { IS_UNREAD } from './is-unread.ts'
import { cellOf, type LabelCell } from './label-matrix.ts'
import { imagesCondition, type Matching, matchingOf } from './matching-tags.ts'
import { platformNames } from './platform-names.ts'
import { mapAhead } from './read-ahead.ts'
import { labelsOf } from './read-found-tags.ts'
import { resolveQuery } from './resolve-query.ts'
import { type StepTag, stepTags } from './step-tags.ts'
import type { FoundTag, TagSearch } from './tag-search.ts'
import { type TagStep, tagSteps } from './tag-steps.ts'

/** A tag with the values of some keys: a cell for each key, in order. */
export interface MatrixRow extends Pick<FoundTag, 'registry' | 'repository' | 'tag' | 'digest'> {
  readonly cells: readonly LabelCell[]
}

interface MatrixImage {
  readonly id: number
  readonly digest: string
  readonly platform?: string
  readonly matches: boolean
  readonly isUnread?: boolean
}

interface MatrixManifest {
  readonly digest: string
  /** Of all platforms, in order. */
  readonly images: readonly MatrixImage[]
}

type ImageRow = [
  manifest: number,
  digest: string,
  id: number,
  child: string,
  platform: number | null,
  position: number,
  matches: number,
  unread: number,
]

/**
 * Every visible tag that a query finds, by registry, repository and tag, as the pages of the matrix show it; read as
 * `everyTag` reads. @throws StoreError
 */
export async function* everyMatrixRow(
  database: CatalogDatabase,
  { query, visibility, now }: Pick<TagSearch, 'query' | 'visibility' | 'now'>,
  keys: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<readonly MatrixRow[], void> {
  const store = forReport(database.store)
  const visible = await database.repositories.visible(visibility)
  const { query: resolved } = await resolveQuery(database, query, visible.list)
  const matching = { query: resolved, now }
  const platforms = await platformNames(store)
  const isAdded = await hasAdded(store, keys)
  const read = async (step: TagStep) => {
    const tags = await stepTags(store, matching, step, (ids) => readManifests(store, matching, ids, platforms))
    const cells = await cellsOf(store, tags, keys, isAdded)
    return tags.flatMap((tag): MatrixRow[] => {
      const repository = visible.byId.get(tag.repository_id)
      const { digest, images } = tag.manifest
      const found = images.filter(({ matches }) => matches)
      if (!repository || matchingOf(found, tag.images).length === 0) return []
      return [{ registry: repository.registry, repository: repository.name, tag: tag.name, digest, cells: cells(tag) }]
    })
  }
  const steps = tagSteps(store, { resolved, visible, sort: 'repository', now, signal })
  for await (const rows of mapAhead(steps, store.reportReaders, read)) {
    signal?.throwIfAborted()
    yield rows
  }
}

async function readManifests(
  store: Store,
  matching: Matching,
  ids: readonly number[],
  platforms: ReadonlyMap<number, string>,
): Promise<ReadonlyMap<number, MatrixManifest>> {
  if (ids.length === 0) return new Map()
  const { dialect } = store
  const rows = await readPacked<ImageRow>(
    store,
    [
      sql.ref('m.id'),
      dialect.digestText(sql.ref('m.digest')),
      sql.ref('i.id'),
      dialect.digestText(sql.ref('c.digest')),
      sql.ref('i.platform_id'),
      sql.ref('i.position'),
      sql`case when ${imagesCondition(store, matching)} then 1 else 0 end`,
      sql`case when ${IS_UNREAD} then 1 else 0 end`,
    ],
    sql`from manifest m join image i on i.manifest_id = m.id join manifest c on c.id = i.child_id
      where ${dialect.isOneOf(sql.ref('m.id'), ids)}`,
  )
  const all = new Map<number, { digest: string; images: MatrixImage[] }>()
  for (const [manifest, digest, id, child, platform, , matches, unread] of rows.sort((a, b) => a[5] - b[5])) {
    const name = platform === null ? undefined : platforms.get(platform)
    const image = {
      id,
      digest: child,
      matches: matches === 1,
      ...(name !== undefined && { platform: name }),
      ...(unread === 1 && { isUnread: true }),
    }
    const known = all.get(manifest)
    if (known) known.images.push(image)
    else all.set(manifest, { digest, images: [image] })
  }
  return new Map([...all].filter(([, { images }]) => images.some(({ matches }) => matches)))
}

type MatrixTag = StepTag<MatrixManifest>

/** The cells of each tag: the same for all tags on a manifest, unless people added labels in their repositories. */
async function cellsOf(store: Store, tags: readonly MatrixTag[], keys: readonly string[], isAdded: boolean) {
  const manifests = [...new Set(tags.map(({ manifest }) => manifest))]
  const images = manifests.flatMap((manifest) => manifest.images)
  const own = await labelsOf(
    store,
    images.map(({ id }) => id),
    keys,
  )
  const valuesIn = ({ id }: MatrixImage, key: string) =>
    [...new Set((own.get(id) ?? []).flatMap((label) => (label.key === key ? [label.value] : [])))].sort()
  if (!isAdded) {
    const cells = new Map(
      manifests.map((manifest) => [
        manifest,
        keys.map((key) => cellOf(manifest.images, (image) => valuesIn(image, key))),
      ]),
    )
    return ({ manifest }: MatrixTag) => cells.get(manifest) ?? []
  }
  const digests = manifests.flatMap(({ digest, images: of }) => [digest, ...of.map((image) => image.digest)])
  const added = await addedTo(store, digests, keys)
  return ({ manifest, repository_id: repository }: MatrixTag) =>
    keys.map((key) =>
      cellOf(manifest.images, (image) => [
        ...new Set([
          ...valuesIn(image, key),
          ...[...new Set([manifest.digest, image.digest])]
            .flatMap((each) => added.get(addedPlace(repository, each)) ?? [])
            .flatMap((label) => (label.key === key ? [label.value] : [])),
        ]),
      ]),
    )
}
