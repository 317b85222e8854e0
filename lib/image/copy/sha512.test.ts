import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeEach, expect, it } from 'vitest'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import type { Repository } from '../../registry/registry.ts'
import { loadArchive } from '../archive/load-archive.ts'
import { writeOciArchive } from '../archive/write-archive.ts'
import { deleteImage } from '../delete/delete.ts'
import { restoreManifest } from '../delete/restore.ts'
import { putImage, tag } from '../testing/images.ts'
import { copyImage } from './copy.ts'
import { retag } from './retag.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function newRepository(): Promise<Repository> {
  const path = await mkdtemp(join(tmpdir(), 'lading-sha512-'))
  folders.push(path)
  await createLayout(path)
  return createLayoutRegistry({ name: 'local', path }).repository(parseRepositoryName('team/app'))
}

// An image that is known by its sha512: every step of its life must leave it that name.
let repository: Repository
let digest: Digest
let manifest: Manifest
beforeEach(async () => {
  repository = await newRepository()
  const { bytes, mediaType } = await putImage(repository)
  digest = digestOf(bytes, 'sha512')
  await repository.putManifest(tag('1'), { bytes, mediaType, digest })
  manifest = await repository.manifest(tag('1'))
})

it('a retag keeps it', async () => {
  expect(await retag(repository, { from: tag('1'), to: tag('2'), expect: null })).toMatchObject({ digest })
  expect(await repository.resolve(tag('2'))).toMatchObject({ digest })
})

it('a copy keeps it, and can be repeated', async () => {
  const to = await newRepository()
  const copy = () => copyImage({ repository, reference: tag('1') }, { repository: to, reference: tag('1') })
  expect(await copy()).toMatchObject({ digest })
  expect(await copy()).toMatchObject({ digest })
  expect(await to.resolve(tag('1'))).toMatchObject({ digest })
})

it('an undone deletion keeps it', async () => {
  await deleteImage(repository, digest, { expectTags: [tag('1')] })
  expect(await restoreManifest(repository, manifest, [tag('1')])).toMatchObject({ digest })
  expect(await repository.resolve(tag('1'))).toMatchObject({ digest })
})

it('an archive keeps it', async () => {
  const archive = await buffer((await writeOciArchive(repository, tag('1'))).stream)
  const to = await newRepository()
  expect(await loadArchive(to, Readable.from([archive]))).toMatchObject({ images: [{ digest }] })
  expect(await to.resolve(tag('1'))).toMatchObject({ digest })
})
