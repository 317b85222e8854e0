import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { putImage } from '../../image/testing/images.ts'
import type { Digest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { theStore } from '../../store/the-store.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'

const server = await startDockerRegistry()
const folder = await mkdtemp(join(tmpdir(), 'lading-added-'))
const registry = createHttpRegistry({ name: 'hub', url: server.url })
const repository = registry.repository(parseRepositoryName('team/api'))
const PLACE = { registry: 'hub', repository: parseRepositoryName('team/api') }
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const withRole = (role: 'viewer' | 'operator', place: string): Actor => ({
  kind: 'user',
  username: 'bo',
  groups: [],
  role: 'none',
  readOnly: false,
  grants: [{ subject: { user: 'bo' }, role, registry: 'hub', repository: place, allow: [] }],
})
let digest: Digest

beforeAll(async () => {
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: hub, url: ${server.url} }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  digest = (await putImage(repository, { tags: ['1.0'], labels: { team: 'quay' } })).digest
})
afterAll(async () => {
  await (await theStore()).close()
  await registry.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const data = () => import('./added-labels.ts')
const input = async (text: object) =>
  (await data()).addLabelInput.parse({ ...PLACE, digest, key: 'reviewed', value: 'yes', ...text })
const auditLog = async () => (await (await theStore()).read.selectFrom('audit_entry').selectAll().execute()).reverse()

test('stores a label beside the image, which keeps its bytes, and records its author in the audit log', async () => {
  const { addLabel, readAddedLabels, readAddedLabel, removeLabel } = await data()
  const before = await repository.manifest(digest)
  const label = await addLabel(anna, await input({ value: '{"by":"anna"}', mediaType: 'application/json' }))
  expect(label).toMatchObject({ digest, key: 'reviewed', source: 'ui', createdBy: 'anna' })
  expect((await repository.manifest(digest, { fresh: true })).bytes).toEqual(before.bytes)
  const viewer = withRole('viewer', 'team/**')
  expect(await readAddedLabels(viewer, PLACE, { digests: [digest], prefix: 'rev' })).toEqual([label])
  expect(await readAddedLabel(viewer, PLACE, label?.id ?? '')).toEqual(label)
  expect(await removeLabel(anna, { ...PLACE, id: label?.id ?? '' })).toEqual(label)
  await expect(readAddedLabel(anna, PLACE, label?.id ?? '')).rejects.toMatchObject({ kind: 'not-found' })
  const rows = await auditLog()
  expect(rows.map(({ action, actor, outcome }) => [action, actor, outcome]).slice(0, 4)).toEqual([
    ['edit-labels', 'anna', 'done'],
    ['edit-labels', 'anna', null],
    ['edit-labels', 'anna', 'done'],
    ['edit-labels', 'anna', null],
  ])
  expect(rows[1]?.detail).toContain('deleted')
  expect(rows[3]?.detail).toContain('reviewed={\\"by\\":\\"anna\\"}')
})

test('publishes the label as a referrer of the image on request', async () => {
  const { addLabel, removeLabel } = await data()
  const label = await addLabel(anna, await input({ publish: true }))
  expect(label?.published).toMatch(/^sha256:/)
  const published = await repository.manifest(label?.published as Digest)
  expect(published).toMatchObject({ subject: { digest }, artifactType: 'application/vnd.lading.label.v1+json' })
  expect('annotations' in published && published.annotations.get('reviewed')).toBe('yes')
  await removeLabel(anna, { ...PLACE, id: label?.id ?? '' })
})

test('refuses labels without the right, revealing only that nothing is there', async () => {
  const { addLabel, readAddedLabels, removeLabel } = await data()
  const label = await addLabel(anna, await input({}))
  for (const actor of [withRole('viewer', 'team/**'), withRole('operator', 'other/**')]) {
    await expect(addLabel(actor, await input({}))).rejects.toMatchObject({ code: 'denied' })
    await expect(removeLabel(actor, { ...PLACE, id: label?.id ?? '' })).rejects.toMatchObject({ code: 'denied' })
  }
  const elsewhere = withRole('operator', 'other/**')
  await expect(readAddedLabels(elsewhere, PLACE, { digests: [digest] })).rejects.toMatchObject({ code: 'denied' })
  expect(await readAddedLabels(anna, PLACE, { digests: [digest] })).toHaveLength(1)
  await removeLabel(withRole('operator', 'team/**'), { ...PLACE, id: label?.id ?? '' })
})

test('a label’s id is of no use in another repository', async () => {
  const { addLabel, readAddedLabel, readAddedLabels, removeLabel } = await data()
  const label = await addLabel(anna, await input({}))
  const elsewhere = { ...PLACE, repository: parseRepositoryName('other/api') }
  const operator = withRole('operator', 'other/**')
  const id = label?.id ?? ''
  await expect(readAddedLabel(operator, elsewhere, id)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(removeLabel(operator, { ...elsewhere, id })).rejects.toMatchObject({ kind: 'not-found' })
  expect(await readAddedLabels(anna, PLACE, { digests: [digest] })).toEqual([label])
  await removeLabel(anna, { ...PLACE, id })
})

test('refuses invalid keys and values with a reason, and labels of a missing image', async () => {
  const { addLabel, addLabelInput } = await data()
  const reasonOf = (text: object) =>
    addLabelInput.safeParse({ ...PLACE, digest, key: 'a', value: 'b', ...text }).error?.issues[0]?.message
  expect(reasonOf({ key: ' ' })).toBe('Give the label a key.')
  expect(reasonOf({ key: 'two words' })).toBe('Use only letters, digits and . _ / - in the key.')
  expect(reasonOf({ key: 'a'.repeat(254) })).toBe('Use a key of at most 253 characters.')
  expect(reasonOf({ value: 'é'.repeat(32_769) })).toBe('Use a value of at most 64 KiB.')
  expect(reasonOf({ value: '{', mediaType: 'application/json' })).toBe('The value isn’t valid JSON.')
  expect(reasonOf({ mediaType: 'text/html' })).toBeDefined()
  expect(reasonOf({ owner: 'anna' })).toBeDefined()
  const gone = `sha256:${'0'.repeat(64)}`
  await expect(addLabel(anna, await input({ digest: gone }))).rejects.toMatchObject({ kind: 'not-found' })
})
