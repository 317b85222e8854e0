import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { call, digestOfTag, pushImage } from '../../testing/servers/images.ts'

let folder = ''
let registry: DockerRegistry
const admin: Actor = { kind: 'user', username: 'anna', role: 'admin', groups: [], grants: [], readOnly: false }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-load-'))
  registry = await startDockerRegistry()
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: local, url: '${registry.url}' }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

/** An archive that skopeo makes of an image: it names it `1.0`. */
async function archived() {
  const image = await pushImage(registry.url, 'from/here', ['1.0'])
  const file = join(folder, 'image.tar')
  const source = `docker://${new URL(registry.url).host}/from/here:1.0`
  execFileSync('skopeo', ['copy', '--src-tls-verify=false', source, `oci-archive:${file}:1.0`], { stdio: 'pipe' })
  return { image, file }
}

test('loads an archive into a registry’s repository, under a tag that the user enters', async () => {
  const { load } = await import('./load-archive.ts')
  const { image, file } = await archived()
  const repository = parseRepositoryName('to/there')
  const request = { registry: 'local', repository, overwrite: false, tags: new Map([['1.0', parseTag('2.0')]]) }
  const outcome = await load(admin, request, createReadStream(file), {})
  expect(outcome.loaded).toMatchObject([{ repository, tag: '2.0', digest: image.digest }])
  expect(await digestOfTag(registry.url, repository, '2.0')).toBe(image.digest)
  expect(await digestOfTag(registry.url, repository, '1.0')).toBeUndefined()
})

test('asks a registry for nothing without knowing the archive’s repository', async () => {
  const { load } = await import('./load-archive.ts')
  const { file } = await archived()
  const loading = load(admin, { registry: 'local', overwrite: false }, createReadStream(file), {})
  await expect(loading).rejects.toMatchObject({ kind: 'unsupported' })
  const { status } = await call(registry.url, 'GET', '/v2/loaded/tags/list')
  expect(status).toBe(404)
})
