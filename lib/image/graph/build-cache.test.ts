import { describe, expect, it } from 'vitest'
import { describeArtifact } from '../../oci/artifact.ts'
import { childrenOf } from '../../oci/index-entries.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Repository } from '../../registry/registry.ts'
import { loadArchive } from '../archive/load-archive.ts'
import { writeOciArchive } from '../archive/write-archive.ts'
import { copyImage } from '../copy/copy.ts'
import { deleteImage } from '../delete/delete.ts'
import { previewDeletion } from '../delete/delete-preview.ts'
import { restoreManifest } from '../delete/restore.ts'
import { summarizeTag } from '../inspect/summary.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { describeHomes } from '../testing/homes.ts'
import { putBlob, putIndex, tag } from '../testing/images.ts'

const CACHE_CONFIG = 'application/vnd.buildkit.cacheconfig.v0'

/** As `docker buildx build --cache-to type=registry` pushes it: an index of layers and a config (moby/buildkit#2251). */
async function putCache(repository: Repository) {
  const layers = await Promise.all(
    ['one', 'two two'].map((text) => putBlob(repository, Buffer.from(text), MEDIA_TYPE.ociLayerGzip)),
  )
  const config = await putBlob(repository, Buffer.from('{"layers":[],"records":[]}'), CACHE_CONFIG)
  const index = await putIndex(repository, [...layers, config], { tags: ['cache'] })
  return { index, layers, config, size: [...layers, config].reduce((sum, blob) => sum + blob.size, 0) }
}

describeHomes('the build cache that BuildKit exports', (home) => {
  it('is one, with blobs and no platforms, and has their size', async () => {
    const repository = home().fresh()
    const { index, size } = await putCache(repository)
    expect(describeArtifact(index)).toEqual({ kind: 'build-cache', title: 'Build cache' })
    expect(index.kind === 'index' && childrenOf(index)).toEqual([])
    expect(await summarizeTag(repository, tag('cache'))).toMatchObject({
      artifact: 'Build cache',
      platforms: [],
      attestations: 0,
      size,
    })
  })

  it('is checked, copied, archived and loaded whole', async () => {
    const from = home().fresh()
    const { index } = await putCache(from)
    expect(await checkCompleteness(from, tag('cache'), { full: true })).toMatchObject({ complete: true, checked: 4 })
    const [to, loaded] = [home().fresh(), home().fresh()]
    const copy = await copyImage(
      { repository: from, reference: tag('cache') },
      { repository: to, reference: tag('cache') },
    )
    expect(copy).toMatchObject({ digest: index.digest, manifests: 1 })
    const archive = await writeOciArchive(from, tag('cache'))
    expect((await loadArchive(loaded, archive.stream)).images).toMatchObject([{ digest: index.digest, missing: [] }])
    for (const repository of [to, loaded])
      expect(await checkCompleteness(repository, tag('cache'), { full: true })).toMatchObject({ complete: true })
  })

  it('is previewed, deleted and restored with its blobs', async () => {
    const repository = home().fresh()
    const { index, size } = await putCache(repository)
    const preview = await previewDeletion(repository, { tag: tag('cache') })
    expect(preview).toMatchObject({ children: [], uniqueBytes: size })
    await deleteImage(repository, index.digest, { expectTags: [tag('cache')] })
    expect(await restoreManifest(repository, index, [tag('cache')])).toMatchObject({ digest: index.digest })
    expect(await checkCompleteness(repository, tag('cache'))).toMatchObject({ complete: true })
  })
})

describe('an index that lists non-manifests', () => {
  it('isn’t a multi-platform image', async () => {
    const { parseManifest } = await import('../../oci/parse-manifest.ts')
    const entry = { mediaType: 'text/plain', digest: `sha256:${'0'.repeat(64)}`, size: 1 }
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [entry] }))
    expect(describeArtifact(parseManifest(bytes)).kind).toBe('artifact')
  })
})
