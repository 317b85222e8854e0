import { afterAll, beforeAll, expect, it } from 'vitest'
import { cosignTag } from '../../image/referrers/referrers-tag.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag, type Tag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { ATTACHED, recordAttached } from './attached.ts'
import { catalogDatabase } from './catalog-database.ts'
import { DatabaseCatalog } from './database-catalog.ts'
import { recordManifests } from './record-manifests.ts'
import { recordGoneTags, recordTags } from './record-tags.ts'
import { tagMarks } from './tag-marks.ts'

const PLACE = { registry: 'hub', repository: parseRepositoryName('team/app') }
const OTHER = { registry: 'hub', repository: parseRepositoryName('team/other') }
const EVERYTHING = new Map([['hub', ['**']]])
const [old, current, plain] = ['a', 'b', 'c'].map((digit) => parseDigest(`sha256:${digit.repeat(64)}`)) as [
  ReturnType<typeof parseDigest>,
  ReturnType<typeof parseDigest>,
  ReturnType<typeof parseDigest>,
]
const mediaType = 'application/vnd.oci.image.manifest.v1+json'

describeEachDatabase('what is known of tags', (databases) => {
  let store: Store
  beforeAll(async () => {
    store = await openStore(await databases.create())
    await recordManifests(
      store,
      [old, current, plain].map((digest) => ({ digest, mediaType, type: 'image', bytes: 9, images: [] })),
    )
  })
  afterAll(() => store?.close())

  const marksOf = async (names: readonly string[], visibility = EVERYTHING) =>
    Object.fromEntries(await tagMarks(catalogDatabase(store), visibility, PLACE, names.map(parseTag)))
  const point = (tag: string, digest: string, at: number, how: 'sync' | 'change' | 'notification' = 'sync') =>
    recordTags(store, PLACE, [{ tag, digest }], { at, how })

  it('says of a moved tag where it was, when it moved and how that is known', async () => {
    await point('latest', old, 1_000)
    expect(await marksOf(['latest'])).toEqual({ latest: { digest: old } })
    await point('latest', current, 2_000, 'notification')
    expect(await marksOf(['latest'])).toEqual({
      latest: { digest: current, moved: { at: 2_000, how: 'notification', from: old } },
    })
    await point('latest', plain, 3_000)
    expect((await marksOf(['latest'])).latest?.moved).toEqual({ at: 3_000, how: 'sync', from: current })
  })

  it('says nothing of a move before the tag was deleted', async () => {
    await point('again', old, 1_000)
    await point('again', current, 2_000)
    await recordGoneTags(store, PLACE, ['again'], { at: 3_000, how: 'sync' })
    await point('again', current, 4_000, 'change')
    expect(await marksOf(['again'])).toEqual({ again: { digest: current } })
  })

  it('tells signed from not signed and from not checked, in this repository only', async () => {
    await point('signed', old, 1_000)
    await point('unsigned', current, 1_000)
    await point('unchecked', plain, 1_000)
    await recordTags(store, OTHER, [{ tag: 'other', digest: plain }], { at: 1_000, how: 'sync' })
    await recordAttached(store, PLACE, [
      { digest: old, attached: ATTACHED.signature + ATTACHED.sbom },
      { digest: current, attached: ATTACHED.sbom },
    ])
    await recordAttached(store, OTHER, [{ digest: plain, attached: ATTACHED.signature }])
    const { signed, unsigned, unchecked } = await marksOf(['signed', 'unsigned', 'unchecked'])
    expect([signed?.signed, unsigned?.signed]).toEqual([true, false])
    expect(unchecked).toEqual({ digest: plain })
  })

  it('counts the signed platforms of an index that isn’t signed itself', async () => {
    const [index, ...children] = ['1', '2', '3'].map((digit) => parseDigest(`sha256:${digit.repeat(64)}`))
    if (!index || !children[0]) throw new Error('no digests')
    const images = children.map((digest) => ({ digest, mediaType, bytes: 9, blobs: [], labels: [] }))
    await recordManifests(store, [{ digest: index, mediaType, type: 'index', bytes: 9, images }])
    await point('index', index, 1_000)
    const list = (folded: readonly Tag[]) =>
      new DatabaseCatalog(store).recordTags(PLACE, { tags: ['index', 'unsigned'].map(parseTag), folded })
    await list([cosignTag(children[0], 'sig'), cosignTag(current, 'att')])
    // Nobody has looked whether the index itself is signed.
    expect((await marksOf(['index'])).index).toEqual({ digest: index })
    await recordAttached(store, PLACE, [{ digest: index, attached: 0 }])
    const marks = await marksOf(['index', 'unsigned'])
    expect(marks.index).toMatchObject({ signed: false, platforms: { signed: 1, of: 2 } })
    expect(marks.unsigned).not.toHaveProperty('platforms')
    await recordAttached(store, PLACE, [{ digest: index, attached: ATTACHED.signature }])
    expect((await marksOf(['index'])).index).not.toHaveProperty('platforms')
    await recordAttached(store, PLACE, [{ digest: index, attached: 0 }])
    await list([])
    expect((await marksOf(['index'])).index).not.toHaveProperty('platforms')
  })

  it('knows nothing of tags in a repository that isn’t visible', async () => {
    expect(await marksOf(['signed'], new Map([['hub', ['other/**']]]))).toEqual({})
    expect(await marksOf(['signed'], new Map())).toEqual({})
  })
})
