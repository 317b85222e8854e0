import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { digestOfTag, pushImage, pushManifest } from '../../testing/servers/images.ts'

// Deletions of an image with more tags than a request may list.
let folder = ''
let registry: DockerRegistry
const rights = { groups: [], grants: [], readOnly: false } as const
const anna: Actor = { kind: 'user', username: 'anna', role: 'admin', ...rights }
const place = { registry: 'local', repository: parseRepositoryName('team/many') }
const tags = Array.from({ length: 251 }, (_, i) => `build-${i}`)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-shown-'))
  registry = await startDockerRegistry()
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: local, url: '${registry.url}' }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

test('an image with very many tags is deleted as shown, in a small request, but not once a tag was added', async () => {
  const { previewChange } = await import('./preview-deletion.ts')
  const { deleteTagInput, removeTag } = await import('./delete-tag.ts')
  const { deleteImageInput, removeImage } = await import('./delete-image.ts')
  const { mediaType, bytes } = await pushImage(registry.url, place.repository, [])
  const document = JSON.parse(Buffer.from(bytes).toString('utf8'))
  await mapConcurrent(tags, (tag) => pushManifest(registry.url, place.repository, [tag], mediaType, document))
  const digest = parseDigest(await digestOfTag(registry.url, place.repository, 'build-0'))

  const first = await previewChange(anna, place, digest)
  expect(first.tagsOnDigest).toHaveLength(251)
  const image = { ...place, digest, expectTags: first.shown, force: false, layers: false }
  expect(JSON.stringify(image).length).toBeLessThan(1_000)
  await pushManifest(registry.url, place.repository, ['added'], mediaType, document)
  await expect(removeImage(anna, deleteImageInput.parse(image))).rejects.toMatchObject({ kind: 'conflict' })

  const { shown } = await previewChange(anna, place, digest)
  const one = { ...place, tag: 'added', expect: digest, siblings: shown, strategy: 'allow-replace' }
  const gone = await removeTag(anna, deleteTagInput.parse(one))
  expect(gone).toMatchObject({ outcome: 'replaced-then-deleted', verified: true })
  expect(await digestOfTag(registry.url, place.repository, 'build-250')).toBe(digest)

  expect(await removeImage(anna, deleteImageInput.parse(image))).toMatchObject({ outcome: 'deleted', verified: true })
  for (const tag of ['build-0', 'build-250'])
    expect(await digestOfTag(registry.url, place.repository, tag)).toBe(undefined)
}, 120_000)

test('a fingerprint reveals nothing that is hidden', async () => {
  const { removeImage } = await import('./delete-image.ts')
  const bo: Actor = { kind: 'user', username: 'bo', role: 'none', ...rights }
  const digest = parseDigest(`sha256:${'a'.repeat(64)}`)
  const expectTags = { count: 1, sha256: '0'.repeat(64) }
  const refused = removeImage(bo, { ...place, digest, expectTags, force: false, layers: false })
  const absent = {
    ...place,
    repository: parseRepositoryName('no/such'),
    digest,
    expectTags,
    force: false,
    layers: false,
  }
  const error = await refused.catch((reason) => reason)
  expect(await removeImage(bo, absent).catch((reason) => reason)).toMatchObject({ name: error.name, code: error.code })
})
