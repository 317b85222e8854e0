import { describe, expect, it } from 'vitest'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Repository } from '../../registry/registry.ts'
import { writeOciArchive } from '../archive/write-archive.ts'
import { copyImage } from '../copy/copy.ts'
import { deleteImage } from '../delete/delete.ts'
import { previewDeletion } from '../delete/delete-preview.ts'
import { restoreManifest } from '../delete/restore.ts'
import { summarizeTag } from '../inspect/summary.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { openLayout, useHome } from '../testing/homes.ts'
import { pointerTo, putImage, putIndex, tag } from '../testing/images.ts'

const BLAKE3 = `blake3:${'ab'.repeat(32)}` as Digest
const refusal = { name: 'FormatError', code: 'digest-algorithm' }

/** An index of a good image for linux/amd64, and one for linux/arm64 that only its blake3 digest names. */
async function putOddIndex(repository: Repository) {
  const good = await putImage(repository)
  const odd = { mediaType: MEDIA_TYPE.ociManifest, digest: BLAKE3, size: 700 }
  const index = await putIndex(
    repository,
    [
      pointerTo(good, { platform: { os: 'linux', architecture: 'amd64' } }),
      { ...odd, platform: { os: 'linux', architecture: 'arm64' } },
      // Without a type it could be an index.
      { ...odd, mediaType: '', digest: `md5:${'0'.repeat(32)}` as Digest },
    ],
    { tags: ['1'] },
  )
  return { good, index }
}

describe('an index with an entry whose digest is of an unknown algorithm', () => {
  const home = useHome(openLayout)
  const other = useHome(openLayout)

  it('shows its platforms, and is checked with the reason', async () => {
    const repository = home().fresh()
    await putOddIndex(repository)
    expect(await summarizeTag(repository, tag('1'))).toMatchObject({ platforms: ['linux/amd64', 'linux/arm64'] })
    const report = await checkCompleteness(repository, tag('1'))
    expect(report.missing).toEqual([])
    expect(report.corrupt.map(({ path }) => path)).toEqual(['manifests[1]', 'manifests[2]'])
    expect(report.corrupt[0]?.reason).toContain('sha256 or sha512')
  })

  it('is copied and archived without it only', async () => {
    const repository = home().fresh()
    await putOddIndex(repository)
    const from = { repository, reference: tag('1') }
    const to = { repository: other().fresh() }
    await expect(copyImage(from, to)).rejects.toMatchObject(refusal)
    await expect(writeOciArchive(repository, tag('1'))).rejects.toMatchObject(refusal)
    const platforms = [{ os: 'linux', architecture: 'amd64' }]
    expect(await copyImage(from, to, { platforms })).toMatchObject({ manifests: 2 })
  })

  it('is previewed, deleted and restored, and keeps no other image from it', async () => {
    const repository = home().fresh()
    const { good, index } = await putOddIndex(repository)
    const plain = await putImage(repository, { tags: ['plain'] })
    expect(await previewDeletion(repository, { tag: tag('plain') })).toMatchObject({ indexes: [] })
    expect(await previewDeletion(repository, { digest: good.digest })).toMatchObject({ indexes: [{ tags: ['1'] }] })
    await deleteImage(repository, plain.digest, { expectTags: [tag('plain')] })
    expect(await previewDeletion(repository, { tag: tag('1') })).toMatchObject({ uniqueBytes: undefined })
    const report = await deleteImage(repository, index.digest, { expectTags: [tag('1')] })
    expect(report).toMatchObject({ verified: true, problems: [] })
    expect((await repository.manifest(good.digest)).digest).toBe(good.digest)
    expect(await restoreManifest(repository, index, [tag('1')])).toMatchObject({ tags: ['1'] })
  })

  it('can’t be opened, nor anything read of it', async () => {
    const repository = home().fresh()
    await putOddIndex(repository)
    for (const read of [
      () => repository.manifest(BLAKE3),
      () => repository.resolve(BLAKE3),
      () => repository.blobBytes(BLAKE3),
      () => repository.statBlob(BLAKE3),
    ])
      await expect(read()).rejects.toMatchObject(refusal)
    expect(await repository.statBlob(digestOf('something else'))).toBeUndefined()
  })
})
