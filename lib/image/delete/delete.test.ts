import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Digest } from '../../oci/digest.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { nameOfReferrer } from '../referrers/referrer.ts'
import { describeHomes, openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { pointerTo, putArtifact, putImage, putIndex, tag } from '../testing/images.ts'
import { deleteImage, deleteTag } from './delete.ts'
import { previewDeletion } from './delete-preview.ts'
import { TagWatch } from './tag-watch.ts'

const AMD64 = { os: 'linux', architecture: 'amd64' }

describeHomes('what a deletion touches', (home) => {
  it('lists every tag on the digest, even far apart in a long list', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['a-first', 'z-last'] })
    const other = await putImage(repository)
    const fill = Array.from({ length: 40 }, (_, i) => tag(`m${i}`))
    await mapConcurrent(fill, (name) => repository.putManifest(name, other))
    let steps = 0
    const preview = await previewDeletion(repository, { tag: tag('z-last') }, { onProgress: () => steps++ })
    expect(preview.digest).toBe(image.digest)
    expect(preview.tagsOnDigest).toEqual(['a-first', 'z-last'])
    expect(preview.scanned).toEqual({ tags: 42, complete: true })
    expect(steps).toBe(42)
    expect(preview.digestTag).toBeUndefined()
  })

  it('names the indexes that would be left with a gap, nested ones too', async () => {
    const repository = home().fresh()
    const child = await putImage(repository)
    const inner = await putIndex(repository, [pointerTo(child, { platform: AMD64 })])
    const outer = await putIndex(repository, [pointerTo(inner)], { tags: ['multi', 'multi-too'] })
    const ofChild = await previewDeletion(repository, { digest: child.digest })
    expect(ofChild.indexes).toEqual([{ digest: inner.digest, tags: [] }])
    const ofInner = await previewDeletion(repository, { digest: inner.digest })
    expect(ofInner.indexes).toEqual([{ digest: outer.digest, tags: ['multi', 'multi-too'] }])
    expect(ofInner.children.map((descriptor) => descriptor.digest)).toEqual([child.digest])
  })

  it('opens a nested index that is listed without its type', async () => {
    const repository = home().fresh()
    const child = await putImage(repository)
    const inner = await putIndex(repository, [pointerTo(child)])
    const { mediaType: _, ...untyped } = pointerTo(inner)
    await putIndex(repository, [untyped as ReturnType<typeof pointerTo>], { tags: ['multi'] })
    const preview = await previewDeletion(repository, { digest: child.digest })
    expect(preview.indexes).toEqual([{ digest: inner.digest, tags: [] }])
    const watch = new TagWatch(repository)
    await watch.refresh()
    expect(watch.indexesOf(child.digest)).toHaveLength(1)
  })

  it('counts the bytes that only this image holds in the repository', async () => {
    const repository = home().fresh()
    const shared = randomBytes(500)
    const own = randomBytes(700)
    const image = await putImage(repository, { tags: ['one'], layers: [shared, own] })
    await putImage(repository, { tags: ['two'], layers: [shared] })
    if (image.kind !== 'oci-image') throw new Error(image.kind)
    const preview = await previewDeletion(repository, { tag: tag('one') })
    expect(preview.uniqueBytes).toBe(image.config.size + (image.layers[1]?.size ?? 0))
  })

  it('finds the signatures and referrers that would be orphaned, and recognises their tags', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['signed'] })
    const hex = image.digest.slice('sha256:'.length)
    const simple = { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', content: '{}' }
    const signature = await putArtifact(repository, [simple], { tags: [`sha256-${hex}.sig`] })
    const sbom = { mediaType: 'application/spdx+json', content: '{"spdxVersion":"SPDX-2.3"}' }
    const fields = { subject: pointerTo(image), artifactType: 'application/spdx+json' }
    const referrer = await putArtifact(repository, [sbom], { fields })
    const preview = await previewDeletion(repository, { tag: tag('signed') })
    expect(preview.referrers.map((found) => [nameOfReferrer(found), found.source, found.kind]).sort()).toEqual(
      [
        [referrer.digest, 'api', 'sbom'],
        [signature.digest, 'cosign-tag', 'signature'],
      ].sort(),
    )
    const ofSignature = await previewDeletion(repository, { tag: tag(`sha256-${hex}.sig`) })
    expect(ofSignature.digestTag).toEqual({ algorithm: 'sha256', hex, suffix: 'sig' })
  })

  it('throws not-found for a missing image', async () => {
    await expect(previewDeletion(home().fresh(), { tag: tag('nothing') })).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describeHomes('deleting one tag', (home) => {
  it('keeps the image and every other tag on it', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', '1.0.0', 'latest'] })
    const { tagsOnDigest } = await previewDeletion(repository, { tag: tag('1.0') })
    const report = await deleteTag(repository, tag('1.0'), {
      expect: image.digest,
      strategy: 'allow-replace',
      siblings: tagsOnDigest,
    })
    expect(report).toMatchObject({ verified: true, siblings: 2, problems: [] })
    expect(await digestAt(repository, tag('1.0'))).toBeUndefined()
    expect(await digestAt(repository, tag('latest'))).toBe(image.digest)
    expect((await repository.manifest(image.digest)).bytes).toEqual(image.bytes)
  })

  it('refuses with both digests when the tag has moved since it was shown', async () => {
    const repository = home().fresh()
    const shown = await putImage(repository, { tags: ['1.0'] })
    const moved = await putImage(repository, { tags: ['1.0'] })
    const deletion = deleteTag(repository, tag('1.0'), { expect: shown.digest, strategy: 'allow-replace' })
    await expect(deletion).rejects.toMatchObject({ kind: 'conflict', expected: shown.digest, found: moved.digest })
    expect(await digestAt(repository, tag('1.0'))).toBe(moved.digest)
  })
})

describeHomes('deleting an image', (home) => {
  it('deletes every tag that was shown, after saving what a restore needs', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['a', 'b'] })
    const other = await putImage(repository, { tags: ['c'] })
    let saved: unknown
    const report = await deleteImage(repository, image.digest, {
      expectTags: [tag('a'), tag('b')],
      save: async (manifest, tags) => {
        saved = [manifest.digest, tags, await digestAt(repository, manifest.digest)]
      },
    })
    expect(report).toEqual({ verified: true, problems: [], broken: [], blobs: [] })
    expect(saved).toEqual([image.digest, ['a', 'b'], image.digest])
    expect(await digestAt(repository, tag('a'))).toBeUndefined()
    expect(await digestAt(repository, image.digest)).toBeUndefined()
    expect(await digestAt(repository, tag('c'))).toBe(other.digest)
  })

  it('doesn’t begin if it can’t be saved', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['a'] })
    const save = () => Promise.reject(new Error('disk full'))
    await expect(deleteImage(repository, image.digest, { expectTags: [tag('a')], save })).rejects.toThrow('disk full')
    expect(await digestAt(repository, tag('a'))).toBe(image.digest)
  })

  it('refuses when another tag was added to the digest since', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['shown', 'new'] })
    await expect(deleteImage(repository, image.digest, { expectTags: [tag('shown')] })).rejects.toMatchObject({
      kind: 'conflict',
    })
    expect(await digestAt(repository, tag('new'))).toBe(image.digest)
  })

  it('refuses while a live index holds the image, and reports what force broke', async () => {
    const repository = home().fresh()
    const child = await putImage(repository)
    const index = await putIndex(repository, [pointerTo(child, { platform: AMD64 })], { tags: ['multi'] })
    const refusal = await deleteImage(repository, child.digest, { expectTags: [] }).catch((error: unknown) => error)
    expect(isRegistryError(refusal, 'conflict') && refusal.message).toContain('multi')
    expect(await digestAt(repository, child.digest)).toBe(child.digest)
    const forced = deleteImage(repository, child.digest, { expectTags: [], force: true })
    if (home().registry.kind === 'layout') {
      // A layout holds what its indexes list, so that there the index has to go first.
      await expect(forced).rejects.toMatchObject({ kind: 'conflict' })
      return
    }
    expect(await forced).toMatchObject({ verified: true, broken: [{ digest: index.digest, tags: ['multi'] }] })
    expect(await digestAt(repository, child.digest)).toBeUndefined()
  })

  it('keeps the children of an index', async () => {
    const repository = home().fresh()
    const child = await putImage(repository)
    const index = await putIndex(repository, [pointerTo(child, { platform: AMD64 })], { tags: ['multi'] })
    expect(await deleteImage(repository, index.digest, { expectTags: [tag('multi')] })).toMatchObject({
      verified: true,
    })
    expect(await digestAt(repository, child.digest)).toBe(child.digest)
  })
})

describe('deleting an image with its layers', () => {
  const layout = useHome(openLayout)
  const server = useHome(startRegistry)

  it('keeps every blob that another manifest needs, tagged or not, here or in another repository', async () => {
    const [repository, elsewhere] = [layout().fresh(), layout().fresh()]
    const [shared, untagged, abroad, own] = [300, 301, 302, 303].map((size) => randomBytes(size))
    if (!shared || !untagged || !abroad || !own) throw new Error('no bytes')
    const gone = await putImage(repository, { tags: ['gone'], layers: [shared, untagged, abroad, own] })
    const stays = await putImage(repository, { tags: ['stays'], layers: [shared] })
    const bare = await putImage(repository, { layers: [untagged] })
    const other = await putImage(elsewhere, { tags: ['1'], layers: [abroad] })
    if (gone.kind !== 'oci-image') throw new Error(gone.kind)
    const { unneededBlobs } = await previewDeletion(repository, { tag: tag('gone') })
    expect(unneededBlobs).toEqual([gone.config, gone.layers[3]])
    const { verified, blobs } = await deleteImage(repository, gone.digest, {
      expectTags: [tag('gone')],
      layers: 'delete-unneeded',
    })
    expect(verified).toBe(true)
    expect(blobs.map((blob) => (blob.outcome === 'kept' ? blob.neededBy : blob.outcome))).toEqual([
      'deleted',
      { repository: repository.name, digest: stays.digest },
      { repository: repository.name, digest: bare.digest },
      { repository: elsewhere.name, digest: other.digest },
      'deleted',
    ])
    for (const kept of [stays, bare])
      expect(await checkCompleteness(repository, kept.digest, { full: true })).toMatchObject({ complete: true })
    expect(await checkCompleteness(elsewhere, tag('1'), { full: true })).toMatchObject({ complete: true })
    expect(await repository.statBlob(gone.config.digest)).toBeUndefined()
  })

  it('is refused before any change if untagged manifests can’t be listed', async () => {
    const repository = server().fresh()
    const image = await putImage(repository, { tags: ['1.0'] })
    const preview = await previewDeletion(repository, { tag: tag('1.0') })
    expect(preview.unneededBlobs).toBeUndefined()
    expect(preview.deletes.blobs).toMatchObject({
      state: 'no',
      evidence: expect.stringContaining('untagged manifests'),
    })
    const deletion = deleteImage(repository, image.digest, { expectTags: [tag('1.0')], layers: 'delete-unneeded' })
    await expect(deletion).rejects.toMatchObject({ kind: 'unsupported' })
    expect(await checkCompleteness(repository, tag('1.0'))).toMatchObject({ complete: true })
  })
})

describe('on a registry with deletes turned off', () => {
  const home = useHome(() => startRegistry({ deletes: false }))

  it('the preview says how to turn them on, and nothing changes', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0'] })
    const preview = await previewDeletion(repository, { tag: tag('1.0') })
    expect(preview.deletes.tagStrategy).toBe('none')
    expect(preview.deletes.advice).toContain('REGISTRY_STORAGE_DELETE_ENABLED')
    await tryDeleting(repository, image.digest)
    expect(await digestAt(repository, tag('1.0'))).toBe(image.digest)
  })
})

async function tryDeleting(repository: Repository, digest: Digest): Promise<void> {
  const byTag = await deleteTag(repository, tag('1.0'), { expect: digest, strategy: 'allow-replace' })
  expect(byTag).toMatchObject({ result: { outcome: 'unsupported' }, verified: true })
  const byDigest = deleteImage(repository, digest, { expectTags: [tag('1.0')] })
  await expect(byDigest).rejects.toMatchObject({ kind: 'deletes-disabled' })
}
