import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { putImage } from '../../image/testing/images.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { theStore } from '../../store/the-store.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { anna, configure } from '../testing/configure.ts'

const server = await startDockerRegistry()
const folder = await configure({ hub: server.url })

beforeAll(async () => {
  const registry = createHttpRegistry({ name: 'hub', url: server.url })
  await putImage(registry.repository(parseRepositoryName('team/api')), { tags: ['1'] })
  await registry.close()
})
afterAll(async () => {
  await (await theStore()).close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const state = async () => {
  const { readSyncStates } = await import('./read-sync-states.ts')
  return (await readSyncStates(anna))[0]
}

test('a sync counts as running from the request until its end', async () => {
  const { startSync } = await import('../jobs/jobs.ts')
  expect(await state()).toEqual({ registry: 'hub', problems: 0 })
  await startSync(anna, { registry: 'hub', everything: true })
  expect(await state()).toHaveProperty('running')
  await expect.poll(async () => (await state())?.running).toBeUndefined()
  expect(await state()).toHaveProperty('completeAt')
}, 60_000)
