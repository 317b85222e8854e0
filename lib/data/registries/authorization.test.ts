import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import type { SeparateRight } from '../../config/grant.ts'
import { resolvePlatform } from '../../image/platform/resolve-platform.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import { writeSamples } from '../../registry/layout/samples/samples.ts'
import { collect } from '../../registry/listing.ts'

// The real data layer over a real layout: `samples/web/**` is one team's, everything else is secret from it.
const secret = { registry: 'local', repository: parseRepositoryName('samples/platform/base') }
const own = { registry: 'local', repository: parseRepositoryName('samples/web/storefront') }
const state = { q: '', sort: 'version', dir: 'desc', page: 1, names: '', namesPage: 1 } as const
let folder: string

const rights = { grants: [], readOnly: false }
const anonymous: Actor = { kind: 'anonymous', role: 'none', ...rights }
const admin: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', ...rights }
const auditor: Actor = { ...admin, username: 'audrey', role: 'auditor' }
const teamOf = (role: 'viewer' | 'operator', allow: readonly SeparateRight[] = []): Actor => ({
  kind: 'user',
  username: 'bo',
  groups: [],
  role: 'none',
  readOnly: false,
  grants: [{ subject: { user: 'bo' }, role, registry: 'local', repository: 'samples/web/**', allow }],
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  await writeSamples(join(folder, 'layout'))
  await writeFile(join(folder, 'lading.yaml'), 'registries:\n  - { name: local, layout: ./layout }\n')
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Every read of one repository. Each must answer for a secret one exactly as for one that doesn't exist. */
async function reads() {
  const [
    tags,
    manifest,
    referrers,
    diff,
    path,
    blob,
    tagState,
    preview,
    archive,
    check,
    sbom,
    source,
    targets,
    jobs,
    loading,
    count,
    follow,
    images,
    labels,
    neighbours,
    near,
    statements,
    chart,
    storage,
    head,
    referrerTags,
    past,
    lineage,
  ] = await Promise.all([
    import('../tags/read-tags.ts'),
    import('../manifest/read-manifest.ts'),
    import('../manifest/read-referrers.ts'),
    import('../manifest/read-diff.ts'),
    import('./read-path.ts'),
    import('../manifest/read-blob.ts'),
    import('../changes/tag-state.ts'),
    import('../changes/preview-deletion.ts'),
    import('../archives/read-archive.ts'),
    import('../jobs/check-image.ts'),
    import('../manifest/read-sbom.ts'),
    import('../jobs/copy-source.ts'),
    import('../jobs/copy-targets.ts'),
    import('../jobs/jobs.ts'),
    import('../archives/load-archive.ts'),
    import('../manifest/count-referrers.ts'),
    import('../tags/follow-tags.ts'),
    import('../tags/read-images.ts'),
    import('../manifest/export-labels.ts'),
    import('../tags/read-neighbours.ts'),
    import('../tags/read-near-tags.ts'),
    import('../manifest/read-statements.ts'),
    import('../manifest/read-chart.ts'),
    import('../storage/read-repository-storage.ts'),
    import('./read-repository-head.ts'),
    import('../tags/read-referrer-tags.ts'),
    import('../history/read-as-of.ts'),
    import('../manifest/read-lineage.ts'),
  ])
  const latest = parseTag('latest')
  const any = `sha256:${'0'.repeat(64)}` as Digest
  const { signal } = new AbortController()
  return {
    readTagPage: (actor: Actor, s: Place) => tags.readTagPage(actor, s, state),
    searchTags: (actor: Actor, s: Place) => tags.searchTags(actor, s, ''),
    followTags: (actor: Actor, s: Place) => follow.followTags(actor, s, { resolve: true, signal }).next(),
    readImages: (actor: Actor, s: Place) => images.readImages(actor, s, state),
    readUntagged: (actor: Actor, s: Place) => images.readUntagged(actor, s),
    readReferrerTags: (actor: Actor, s: Place) => referrerTags.readReferrerTags(actor, s, 1),
    readRepositoryStorage: (actor: Actor, s: Place) => storage.readRepositoryStorage(actor, s, 1),
    readRepositoryHead: (actor: Actor, s: Place) => head.readRepositoryHead(actor, s, undefined),
    readAsOf: (actor: Actor, s: Place) => past.readAsOf(actor, s, { asOf: '2026-01-01', all: true, page: 1 }),
    readLineage: (actor: Actor, s: Place) => lineage.readLineage(actor, s, { digest: any }),
    readTagRow: (actor: Actor, s: Place) => tags.readTagRow(actor, s, latest),
    readManifestPage: (actor: Actor, s: Place) =>
      manifest.readManifestPage(actor, s, latest, {
        platform: null,
        platforms: null,
        index: null,
      }),
    exportLabels: (actor: Actor, s: Place) =>
      labels.exportLabels(actor, s, latest, { platform: null, platforms: null, index: null, q: '' }, 'json'),
    readNeighbours: (actor: Actor, s: Place) => neighbours.readNeighbours(actor, s, latest),
    readNearTags: (actor: Actor, s: Place) => near.readNearTags(actor, s, latest),
    readRawManifest: (actor: Actor, s: Place) => manifest.readRawManifest(actor, s, latest),
    readReferrers: (actor: Actor, s: Place) => referrers.readReferrers(actor, s, { digest: any }),
    countReferrers: (actor: Actor, s: Place) => count.countReferrers(actor, s, { digest: any }),
    downloadSignature: (actor: Actor, s: Place) => referrers.downloadSignature(actor, s, any, `${any}@x`),
    readDiff: (actor: Actor, s: Place) =>
      diff.readDiff(actor, { ...own, selector: latest }, { ...s, selector: latest }),
    readPath: (actor: Actor, s: Place) => path.readPath(actor, s, state),
    lookUpDigest: (actor: Actor, s: Place) => blob.lookUpDigest(actor, s, any),
    readBlob: (actor: Actor, s: Place) => blob.readBlob(actor, s, any, {}),
    readTagState: (actor: Actor, s: Place) => tagState.readTagState(actor, s, latest),
    previewChange: (actor: Actor, s: Place) => preview.previewChange(actor, s, latest),
    checkImage: (actor: Actor, s: Place) => check.checkImage(actor, s, any),
    readSboms: (actor: Actor, s: Place) => sbom.readSboms(actor, s, any),
    downloadSbom: (actor: Actor, s: Place) => sbom.downloadSbom(actor, s, any, 0),
    searchSbom: (actor: Actor, s: Place) => sbom.searchSbom(actor, s, any, { index: 0, filter: '', offset: 0 }),
    exportPackages: (actor: Actor, s: Place) => sbom.exportPackages(actor, s, any, { index: 0, filter: '' }),
    readStatements: (actor: Actor, s: Place) => statements.readStatements(actor, s, any),
    readChartView: (actor: Actor, s: Place) => chart.readChartView(actor, s, any, null),
    readCopySource: (actor: Actor, s: Place) => source.readCopySource(actor, s, latest),
    readDestination: (actor: Actor, s: Place) => targets.readDestination(actor, s, latest),
    startCheck: (actor: Actor, s: Place) => jobs.startCheck(actor, { ...s, digest: any, selector: latest }),
    startCopy: (actor: Actor, s: Place) =>
      jobs.startCopy(actor, {
        source: { ...s, digest: any, selector: latest },
        destination: { ...own, tag: parseTag('copied'), expect: null },
        platforms: null,
        referrers: false,
      }),
    load: (actor: Actor, s: Place) => loading.load(actor, { ...s, overwrite: false }, Readable.from([]), {}),
    readArchive: (actor: Actor, s: Place) => archive.readArchive(actor, { ...s, reference: latest, format: 'oci' }, {}),
  }
}

async function changes() {
  const [{ readTagState }, { retagImage }, { removeTag }, { removeImage }, { undoChange }] = await Promise.all([
    import('../changes/tag-state.ts'),
    import('../changes/retag.ts'),
    import('../changes/delete-tag.ts'),
    import('../changes/delete-image.ts'),
    import('../changes/undo.ts'),
  ])
  const { digest } = await readTagState(admin, own, parseTag('latest')).then((found) => {
    if (!found.exists) throw new Error('the samples have no latest')
    return found
  })
  const shown = digest as Digest
  return {
    shown,
    byName: {
      create: (actor: Actor) => retagImage(actor, { ...own, from: shown, to: parseTag('new-name'), expect: null }),
      overwrite: (actor: Actor) => retagImage(actor, { ...own, from: shown, to: parseTag('1.0'), expect: shown }),
      deleteTag: (actor: Actor) =>
        removeTag(actor, {
          ...own,
          tag: parseTag('latest'),
          expect: shown,
          siblings: [],
          strategy: 'allow-replace',
        }),
      deleteImage: (actor: Actor) =>
        removeImage(actor, { ...own, digest: shown, expectTags: [], force: false, layers: false }),
      undo: (actor: Actor) => undoChange(actor, { ...own, change: 'none' }),
    },
  }
}

describe('a repository that the actor may not see', () => {
  test('is refused by every read, to anonymous visitors and to a team with rights elsewhere', async () => {
    for (const [name, read] of Object.entries(await reads()))
      for (const actor of [anonymous, teamOf('viewer'), teamOf('operator')])
        await expect(read(actor, secret), `${name} for ${actor.kind}`).rejects.toSatisfy(
          (error) => error instanceof AccessError || (error instanceof RegistryError && error.kind === 'not-found'),
        )
  })

  test('is in no list, count or suggestion', async () => {
    const { readRegistries, readRegistry, readEntries, readNames, findRepositories, readTreeLevel } = await import(
      './read-repositories.ts'
    )
    const { readSidebar } = await import('./read-sidebar.ts')
    const { searchRegistries } = await import('./search-registries.ts')
    const viewer = teamOf('viewer')
    const seen = JSON.stringify([
      await Promise.all(
        readRegistries(viewer, { names: '*', namesPage: 1 }).registries.map(({ overview }) => overview),
      ),
      await readRegistry(viewer, 'local', { names: '/./', namesPage: 1 }),
      await readEntries(viewer, 'local', parseRepositoryName('samples'), { names: '**', namesPage: 1 }),
      await findRepositories(viewer, '/./'),
      await readNames(viewer),
      await readTreeLevel(viewer, 'local', 'samples'),
      await searchRegistries(viewer, 'samples'),
      await readSidebar(viewer, '/r/local/samples/platform/base'),
    ])
    expect(seen).toContain('samples/web/storefront')
    expect(seen).not.toContain('platform')
  })

  test('hides its registry too from people without any visible repository in it', async () => {
    const { readRegistries, readRegistry } = await import('./read-repositories.ts')
    expect(readRegistries(anonymous, state).registries).toEqual([])
    await expect(readRegistry(anonymous, 'local', state)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('a change', () => {
  test('is refused to viewers, auditors, anonymous people and, overwriting and deleting, to operators without that right', async () => {
    const { byName, shown } = await changes()
    for (const [name, change] of Object.entries(byName))
      for (const actor of [anonymous, auditor, teamOf('viewer'), ...(name === 'create' ? [] : [teamOf('operator')])])
        await expect(change(actor), `${name} for ${actor.kind}`).rejects.toBeInstanceOf(AccessError)
    const { readTagState } = await import('../changes/tag-state.ts')
    expect(await readTagState(admin, own, parseTag('latest'))).toMatchObject({ digest: shown })
    expect(await readTagState(admin, own, parseTag('new-name'))).toMatchObject({ exists: false })
  })

  test('is refused to everybody while Lading is read-only', async () => {
    const { byName } = await changes()
    for (const change of Object.values(byName))
      await expect(change({ ...admin, readOnly: true })).rejects.toMatchObject({ code: 'read-only' })
  })

  test('takes effect when allowed, and the next reader sees it', async () => {
    const { byName } = await changes()
    const { readTagPage } = await import('../tags/read-tags.ts')
    const before = await readTagPage(admin, own, state)
    await byName.create(teamOf('operator'))
    const after = await readTagPage(admin, own, { ...state, q: 'new-name' })
    expect(after.total).toBe(before.total + 1)
    expect(after.rows.map(({ tag }) => tag)).toEqual(['new-name'])
  })

  test('that deleted something can be undone, tags included, with the right to restore in that repository', async () => {
    const { readTagState } = await import('../changes/tag-state.ts')
    const { removeTag } = await import('../changes/delete-tag.ts')
    const { removeImage } = await import('../changes/delete-image.ts')
    const { undoChange } = await import('../changes/undo.ts')
    const latest = parseTag('latest')
    const { shown } = await changes()
    const deleteLatest = () =>
      removeTag(admin, { ...own, tag: latest, expect: shown, siblings: [], strategy: 'allow-replace' })
    const deletion = (await deleteLatest()).undo ?? ''
    expect(await readTagState(admin, own, latest)).toMatchObject({ exists: false })
    await expect(undoChange(admin, { ...secret, change: deletion })).rejects.toMatchObject({ kind: 'not-found' })
    expect(await undoChange(admin, { ...own, change: deletion })).toEqual({
      digest: shown,
      tags: ['latest'],
      left: [],
    })
    expect(await readTagState(admin, own, latest)).toMatchObject({ digest: shown })

    const { previewChange } = await import('../changes/preview-deletion.ts')
    const tags = (await previewChange(admin, own, latest)).tagsOnDigest.map((name) => parseTag(name))
    const image = await removeImage(admin, { ...own, digest: shown, expectTags: tags, force: true, layers: false })
    expect(await readTagState(admin, own, latest)).toMatchObject({ exists: false })
    const undone = await undoChange(admin, { ...own, change: image.undo ?? '' })
    expect(undone).toEqual({ digest: shown, tags, left: [] })
    for (const name of tags) expect(await readTagState(admin, own, name)).toMatchObject({ digest: shown })
  })

  test('offers no undo to users with the right to delete but not to restore', async () => {
    const { readTagState } = await import('../changes/tag-state.ts')
    const { removeTag } = await import('../changes/delete-tag.ts')
    const { retagImage } = await import('../changes/retag.ts')
    const { shown } = await changes()
    const deleter = teamOf('operator', ['delete'])
    const tag = parseTag('short-lived')
    await retagImage(admin, { ...own, from: shown, to: tag, expect: null })
    expect(
      await removeTag(deleter, { ...own, tag, expect: shown, siblings: [], strategy: 'allow-replace' }),
    ).not.toHaveProperty('undo')
    expect(await readTagState(admin, own, tag)).toMatchObject({ exists: false })
  })
})

test('knowing the digest of another team’s blob doesn’t make it readable through one’s own repository', async () => {
  const { readBlob, lookUpDigest } = await import('../manifest/read-blob.ts')
  const { visibleRegistry } = await import('./registries.ts')
  const configOf = async ({ repository }: typeof secret) => {
    const opened = visibleRegistry(admin, 'local').repository(repository)
    const [tag] = (await collect(opened.tags())).items.toSorted()
    const manifest = await resolvePlatform(opened, await opened.manifest(tag ?? parseTag('latest')))
    if (manifest.kind !== 'oci-image') throw new Error(manifest.kind)
    return manifest.config.digest
  }
  const theirs = await configOf(secret)
  const ours = await configOf(own)
  const bo = teamOf('viewer')
  for (const read of [readBlob, lookUpDigest]) {
    await expect(read(bo, own, theirs, {})).rejects.toMatchObject({ kind: 'not-found' })
    await expect(read(bo, own, ours, {})).resolves.toMatchObject({ size: expect.any(Number) })
    await expect(read(admin, own, theirs, {})).rejects.toMatchObject({ kind: 'not-found' })
    await expect(read(admin, secret, theirs, {})).resolves.toBeDefined()
  }
})

test('a pasted reference or digest is found only among visible repositories', async () => {
  const { locateDigest, locateReference } = await import('./locate.ts')
  const { visibleRegistry } = await import('./registries.ts')
  const opened = visibleRegistry(admin, 'local').repository(secret.repository)
  const [tag = parseTag('latest')] = (await collect(opened.tags())).items.toSorted()
  const { digest } = await opened.resolve(tag)
  const bo = teamOf('viewer')
  expect((await locateReference(admin, undefined, secret.repository, tag)).places).toHaveLength(1)
  expect(await locateReference(bo, undefined, secret.repository, tag)).toEqual({ places: [], lacking: [], failed: [] })
  const other = parseTag('no-such-tag')
  expect(await locateReference(admin, undefined, secret.repository, other)).toMatchObject({
    places: [],
    lacking: [secret],
  })
  expect(await locateReference(bo, undefined, secret.repository, other)).toMatchObject({ places: [], lacking: [] })
  expect((await locateDigest(admin, digest, [secret])).places).toContainEqual(secret)
  expect((await locateDigest(bo, digest, [secret])).places).not.toContainEqual(secret)
})
