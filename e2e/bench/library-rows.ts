import { retag } from '../../lib/image/copy/retag.ts'
import { deleteTag } from '../../lib/image/delete/delete.ts'
import { summarizeTag } from '../../lib/image/inspect/summary.ts'
import { parseDigest } from '../../lib/oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { cached } from '../../lib/registry/cache/cached.ts'
import { ContentCache } from '../../lib/registry/cache/content-cache.ts'
import { mapConcurrent } from '../../lib/registry/concurrent.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import { collect } from '../../lib/registry/listing.ts'
import type { Registry, Repository } from '../../lib/registry/registry.ts'
import { sha256 } from '../../lib/testing/servers/images.ts'
import type { Limit } from './limit.ts'
import { compare, timed } from './measure.ts'
import { FEW, MANY, REPOSITORIES, TAGS, tagName } from './seed.ts'
import type { Row } from './table.ts'

/** What the library does, without pages: each run on a registry object that has cached nothing. */
export async function libraryRows(url: string, limit: Limit): Promise<Row[]> {
  const rows: Row[] = []
  const add = async (
    name: string,
    factor: number,
    runs: number,
    product: (run: number) => Promise<number>,
    perfect: (run: number) => Promise<number>,
  ) => {
    const measured = await compare(runs, product, perfect)
    rows.push({ name, value: measured.product, unit: 'ms', limit: measured.limit, target: { kind: 'ratio', factor } })
  }

  await add(
    'library: names of 5,000 repositories',
    1.3,
    7,
    () => timed(() => names(fresh(url))),
    () => timed(() => limit.catalog()),
  )
  for (const [count, factor, runs] of [
    [100, 1.5, 9],
    [TAGS, 1.25, 7],
  ] as const) {
    const perfect = () => timed(() => limit.tags(count))
    await add(
      `library: metadata of ${count} tags`,
      factor,
      runs,
      () => timed(() => metadata(fresh(url), count)),
      perfect,
    )
  }
  const few = fresh(url).repository(parseRepositoryName(FEW))
  // People retag what a page shows: its document is known by its digest.
  const { digest: shown } = await few.manifest(parseTag('1'))
  await add(
    'library: retag of an image that was looked at',
    1.3,
    25,
    (run) => timed(() => retag(few, { from: shown, to: parseTag(`retag-${run}`), expect: null })),
    (run) => timed(() => limit.retag('1', `limit-${run}`)),
  )
  for (const [repository, source, tags, runs] of [
    [FEW, '2', 'few', 25],
    [MANY, tagName(0), `${TAGS}`, 7],
  ] as const)
    await add(
      `library: delete one tag of ${tags}`,
      1.5,
      runs,
      await deletion(fresh(url).repository(parseRepositoryName(repository)), limit, source),
      await perfectDeletion(repository, limit, source),
    )
  return rows
}

function fresh(url: string): Registry {
  return cached(createHttpRegistry({ name: 'bench', url }), new ContentCache())
}

async function names(registry: Registry): Promise<void> {
  const { items, end } = await collect(registry.repositories())
  if (items.length !== REPOSITORIES || !end.complete)
    throw new Error(`listed ${items.length} of ${REPOSITORIES} repositories`)
}

async function metadata(registry: Registry, count: number): Promise<void> {
  const repository = registry.repository(parseRepositoryName(MANY))
  const { items } = await collect(repository.tags())
  const summaries = await mapConcurrent(items.toSorted().slice(0, count), (tag) => summarizeTag(repository, tag))
  if (summaries.length !== count || summaries.some(({ labels }) => labels.length !== 10))
    throw new Error('metadata is missing')
}

/** Deletes a tag that is pushed again before each run, outside the measured time. */
async function deletion(repository: Repository, limit: Limit, source: string) {
  const bytes = await limit.manifestBytes(repository.name, source)
  const expect = parseDigest(sha256(bytes))
  return async (run: number) => {
    const tag = parseTag(`gone-${run}`)
    await limit.putTag(repository.name, tag, bytes)
    return timed(async () => {
      const { verified, problems } = await deleteTag(repository, tag, { expect, strategy: 'allow-replace' })
      if (!verified) throw new Error(`not deleted: ${problems}`)
    })
  }
}

async function perfectDeletion(repository: string, limit: Limit, source: string) {
  const bytes = await limit.manifestBytes(repository, source)
  const start = Date.now()
  return async (run: number) => {
    await limit.putTag(repository, `limit-gone-${run}`, bytes)
    return timed(() => limit.deleteTag(repository, `limit-gone-${run}`, bytes, start + run))
  }
}
