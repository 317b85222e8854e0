import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compileFilter } from './filter/compile-filter.ts'
import { compileGlob } from './filter/glob.ts'
import { parseQuery } from './filter/parse-query.ts'
import { loadArchive } from './image/archive/load-archive.ts'
import { writeDockerArchive, writeOciArchive } from './image/archive/write-archive.ts'
import { createImageCache } from './image/cache/image-cache.ts'
import { createPackageResolver } from './image/cache/package-resolver.ts'
import { copyImage } from './image/copy/copy.ts'
import { retag } from './image/copy/retag.ts'
import { deleteImage, deleteTag } from './image/delete/delete.ts'
import { previewDeletion } from './image/delete/delete-preview.ts'
import { recoverDeletion } from './image/delete/recover.ts'
import { restoreManifest } from './image/delete/restore.ts'
import { diffImages } from './image/diff/diff.ts'
import { diffIndexes } from './image/diff/diff-indexes.ts'
import { flatten } from './image/flatten/flatten.ts'
import { summarizeTag } from './image/inspect/summary.ts'
import { checkCompleteness } from './image/inspect/validate.ts'
import { images } from './image/lookup/images.ts'
import { legacyImages } from './image/lookup/legacy-images.ts'
import { lookup } from './image/lookup/lookup.ts'
import { lookupManifest } from './image/lookup/lookup-manifest.ts'
import { resolvePlatform } from './image/platform/resolve-platform.ts'
import { attach } from './image/referrers/attach.ts'
import { putSignature } from './image/referrers/put-signature.ts'
import { listReferrers } from './image/referrers/referrers.ts'
import { readSbom } from './image/referrers/sbom.ts'
import { parseImageConfig } from './oci/config.ts'
import { parseDigest } from './oci/digest.ts'
import { digestOf } from './oci/digester.ts'
import { MEDIA_TYPE } from './oci/media-type.ts'
import { parseManifest } from './oci/parse-manifest.ts'
import { formatPlatform, parsePlatform } from './oci/platform.ts'
import { parseFullReference, parseRepositoryName, parseTag } from './oci/reference.ts'
import { verifySchema1 } from './oci/schema1/verify-schema1.ts'
import { successors } from './oci/successors.ts'
import { cached } from './registry/cache/cached.ts'
import { ContentCache } from './registry/cache/content-cache.ts'
import { isRegistryError } from './registry/errors.ts'
import { credentialHelper } from './registry/http/auth/credential-helper.ts'
import { dockerConfigCredentials } from './registry/http/auth/docker-config.ts'
import { createHttpRegistry, type HttpRegistry } from './registry/http/http-registry.ts'
import { createLayout } from './registry/layout/create-layout.ts'
import { createLayoutRegistry } from './registry/layout/layout-registry.ts'
import { collect } from './registry/listing.ts'
import { type DockerRegistry, startDockerRegistry } from './testing/servers/docker-registry.ts'

/** What an outside user of the registry library imports: documents, registries and layouts, and work on images. */

let server: DockerRegistry
let http: HttpRegistry
let folder: string
beforeAll(async () => {
  server = await startDockerRegistry()
  http = createHttpRegistry({ name: 'hub', url: server.url })
  folder = await mkdtemp(join(tmpdir(), 'lading-library-'))
})
afterAll(async () => {
  await http.close()
  await server.stop()
  await rm(folder, { recursive: true })
})

it('moves an image from a layout to a registry, tags it, finds it and deletes it', async () => {
  await createLayout(folder)
  const disk = cached(createLayoutRegistry({ name: 'disk', path: folder }), new ContentCache())
  const [from, to] = [disk, http].map((registry) => registry.repository(parseRepositoryName('team/app')))
  if (!from || !to) throw new Error('no repository')
  const config = Buffer.from(
    JSON.stringify({ os: 'linux', architecture: 'arm64', rootfs: { type: 'layers', diff_ids: [] } }),
  )
  const document = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(config), size: config.byteLength },
    layers: [],
  }
  const [one, two] = [parseTag('1'), parseTag('2')]
  await from.putBlob(config)
  const put = await from.putManifest(one, {
    mediaType: MEDIA_TYPE.ociManifest,
    bytes: Buffer.from(JSON.stringify(document)),
  })
  const report = await copyImage({ repository: from, reference: one }, { repository: to, reference: one })
  expect(report.digest).toBe(put.digest)
  await retag(to, { from: one, to: two, expect: null })
  expect((await collect(to.tags())).items.toSorted()).toEqual(['1', '2'])
  const { bytes } = await to.manifest(two)
  expect(successors(parseManifest(bytes)).map(({ digest }) => digest)).toEqual([digestOf(config)])
  expect((await previewDeletion(to, { tag: one })).tagsOnDigest).toEqual(['1', '2'])
  const deletion = await deleteTag(to, one, { expect: put.digest, strategy: 'allow-replace', siblings: [two] })
  expect(deletion.verified).toBe(true)
  expect((await deleteImage(to, parseDigest(put.digest), { expectTags: [two] })).verified).toBe(true)
  const absent: unknown = await to.resolve(two).catch((error: unknown) => error)
  expect(isRegistryError(absent, 'not-found')).toBe(true)
})

it.each(
  Object.entries({
    attach,
    checkCompleteness,
    compileFilter,
    compileGlob,
    createImageCache,
    createPackageResolver,
    credentialHelper,
    diffImages,
    diffIndexes,
    dockerConfigCredentials,
    flatten,
    formatPlatform,
    images,
    legacyImages,
    listReferrers,
    loadArchive,
    lookup,
    lookupManifest,
    parseFullReference,
    parseImageConfig,
    parsePlatform,
    parseQuery,
    putSignature,
    readSbom,
    recoverDeletion,
    resolvePlatform,
    restoreManifest,
    summarizeTag,
    verifySchema1,
    writeDockerArchive,
    writeOciArchive,
  }),
)('offers %s', (_name, offered) => {
  expect(offered).toBeTypeOf('function')
})
