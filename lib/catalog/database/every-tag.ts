import { sql } from 'kysely'
import { labelKeysOf, type Query } from '../../filter/query.ts'
import { readPacked } from '../../store/read-packed.ts'
import { forReport, type Store } from '../../store/store.ts'
import { addedPlace, addedTo, hasAdded } from './added-labels.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { imagesCondition, type Matching, matchingOf } from './matching-tags.ts'
import { platformNames } from './platform-names.ts'
import { mapAhead } from './read-ahead.ts'
import { labelsOf } from './read-found-tags.ts'
import type { VisibleRepositories } from './repository-index.ts'
import { resolveQuery } from './resolve-query.ts'
import { stepTags } from './step-tags.ts'
import { distinctLabels, tagFacts } from './tag-facts.ts'
import type { FoundTag, TagSearch } from './tag-search.ts'
import { type TagStep, tagSteps } from './tag-steps.ts'

/** A tag that a query finds, as one row of a list. */
export interface ListedTag
  extends Pick<FoundTag, 'registry' | 'repository' | 'tag' | 'digest' | 'type' | 'created' | 'size' | 'movedAt'> {
  /** All platform images of the tag, and the platforms of those that satisfy the query. */
  readonly images: number
  readonly matching: readonly (string | undefined)[]
  /** Values of the keys that the query names, in the images that satisfy it. */
  readonly labels: FoundTag['labels']
}

/**
 * Every visible tag that a query finds, sorted, a batch at a time. Reads each tag once, by key, and holds one batch in
 * memory, so the cost is proportional to the rows.
 * @throws StoreError
 */
export async function* everyTag(
  database: CatalogDatabase,
  search: Omit<TagSearch, 'after' | 'limit'>,
  signal?: AbortSignal,
): AsyncGenerator<readonly ListedTag[], void> {
  const store = forReport(database.store)
  const visible = await database.repositories.visible(search.visibility)
  const { query: resolved } = await resolveQuery(database, search.query, visible.list)
  const reader = new RowReader(store, visible, {
    query: resolved,
    now: search.now,
    keys: shownKeys(search.query),
    hasAdded: await hasAdded(store, shownKeys(search.query)),
    platforms: await platformNames(store),
  })
  const steps = tagSteps(store, { ...search, resolved, visible, signal })
  for await (const tags of mapAhead(steps, store.reportReaders, (step) => reader.read(step))) {
    signal?.throwIfAborted()
    yield tags
  }
}

/** The keys that the query names, without those that nothing it finds has. */
function shownKeys(query: Query): readonly string[] {
  const terms = query.op === 'and' ? query.terms : [query]
  const absent = new Set(
    terms.flatMap((term) =>
      term.op === 'not' && term.term.op === 'term' && term.term.field === 'label' && term.term.test === 'present'
        ? [term.term.key]
        : [],
    ),
  )
  return labelKeysOf(query).filter((key) => !absent.has(key))
}

interface Details extends Matching {
  readonly keys: readonly string[]
  readonly hasAdded: boolean
  readonly platforms: ReadonlyMap<number, string>
}

type ImageRow = [
  manifest: number,
  digest: string,
  type: string,
  images: number,
  id: number,
  child: number,
  platform: number | null,
  position: number,
]

interface StepImage {
  readonly id: number
  readonly child: number
  readonly platform: string | undefined
}

interface StepManifest {
  readonly digest: string
  readonly type: string
  /** Of all platforms. */
  readonly images: number
  /** Those that the query may find, in order. */
  readonly found: readonly StepImage[]
}

class RowReader {
  readonly #store: Store
  readonly #visible: VisibleRepositories
  readonly #details: Details

  constructor(store: Store, visible: VisibleRepositories, details: Details) {
    this.#store = store
    this.#visible = visible
    this.#details = details
  }

  async read(step: TagStep): Promise<readonly ListedTag[]> {
    const tags = await stepTags(this.#store, this.#details, step, (ids) => this.#manifests(ids))
    const labels = await this.#labels([...new Set(tags.map(({ manifest }) => manifest))])
    return tags.flatMap((tag) => {
      const { digest, type, images, found } = tag.manifest
      const repository = this.#visible.byId.get(tag.repository_id)
      const matching = matchingOf(found, tag.images)
      if (!repository || matching.length === 0) return []
      return {
        registry: repository.registry,
        repository: repository.name,
        ...tagFacts({ ...tag, digest, type }),
        images,
        matching: matching.map(({ platform }) => platform),
        labels: distinctLabels(matching.flatMap((image) => labels(image, tag.repository_id, digest))),
      }
    })
  }

  async #manifests(ids: readonly number[]): Promise<ReadonlyMap<number, StepManifest>> {
    if (ids.length === 0) return new Map()
    const { dialect } = this.#store
    const { platforms } = this.#details
    const images = sql`case m.type when 'index' then (select count(*) from image where image.manifest_id = m.id) else 1 end`
    const rows = await readPacked<ImageRow>(
      this.#store,
      [
        sql.ref('m.id'),
        dialect.digestText(sql.ref('m.digest')),
        sql.ref('m.type'),
        images,
        sql.ref('i.id'),
        sql.ref('i.child_id'),
        sql.ref('i.platform_id'),
        sql.ref('i.position'),
      ],
      sql`from manifest m join image i on i.manifest_id = m.id
        where ${dialect.isOneOf(sql.ref('m.id'), ids)} and ${imagesCondition(this.#store, this.#details)}`,
    )
    const found = new Map<number, { digest: string; type: string; images: number; found: StepImage[] }>()
    for (const [manifest, digest, type, count, id, child, platform] of rows.sort((a, b) => a[7] - b[7])) {
      const image = { id, child, platform: platform === null ? undefined : platforms.get(platform) }
      const known = found.get(manifest)
      if (known) known.found.push(image)
      else found.set(manifest, { digest, type, images: count, found: [image] })
    }
    return found
  }

  async #labels(manifests: readonly StepManifest[]): Promise<LabelsOf> {
    const { keys } = this.#details
    if (keys.length === 0) return () => []
    const images = manifests.flatMap(({ found }) => found)
    const [own, added] = await Promise.all([
      labelsOf(
        this.#store,
        images.map(({ id }) => id),
        keys,
      ),
      this.#added(manifests),
    ])
    return (image, repository, digest) => [...(own.get(image.id) ?? []), ...added(image, repository, digest)]
  }

  async #added(manifests: readonly StepManifest[]): Promise<LabelsOf> {
    const { read, dialect } = this.#store
    const { keys } = this.#details
    if (!this.#details.hasAdded || manifests.length === 0) return () => []
    const ids = manifests.flatMap(({ found }) => found.map(({ child }) => child))
    const children = await read
      .selectFrom('manifest')
      .select(['id', dialect.digestText(sql.ref('digest')).as('digest')])
      .where(dialect.isOneOf(sql.ref('id'), [...new Set(ids)]))
      .execute()
    const digests = new Map(children.map(({ id, digest }) => [id, digest]))
    const found = await addedTo(this.#store, [...manifests.map(({ digest }) => digest), ...digests.values()], keys)
    return ({ child }, repository, digest) =>
      [...new Set([digest, digests.get(child) ?? digest])]
        .flatMap((each) => found.get(addedPlace(repository, each)) ?? [])
        .map(({ key, value }) => ({ key, value }))
  }
}

/** Of an image of a manifest with that digest, in a repository. */
type LabelsOf = (image: StepImage, repository: number, digest: string) => FoundTag['labels']
