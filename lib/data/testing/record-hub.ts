import { rm } from 'node:fs/promises'
import { afterAll, beforeAll } from 'vitest'
import { recordGoneTags, recordTags } from '../../catalog/database/record-tags.ts'
import { recordRegistry } from '../../catalog/testing/record-registry.ts'
import { type ImageParts, putImage } from '../../image/testing/images.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { theStore } from '../../store/the-store.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { configure } from './configure.ts'

/**
 * The real data layer of this process, over a catalog that was recorded from a real registry, `hub`. Of its
 * repositories bo sees `team/**`.
 * @param images of which repository, and what they are made of; created at the start of 2026 where they don't say
 * @param policies the policy file
 * @param others names of registries on the same server, which weren't recorded
 */
export function recordHub(
  images: readonly (readonly [repository: string, parts: ImageParts])[],
  policies?: string,
  others: readonly string[] = [],
) {
  let server: DockerRegistry
  let folder = ''
  beforeAll(async () => {
    server = await startDockerRegistry()
    folder = await configure(Object.fromEntries(['hub', ...others].map((name) => [name, server.url])), policies)
    const registry = createHttpRegistry({ name: 'hub', url: server.url })
    for (const [name, parts] of images)
      await putImage(registry.repository(parseRepositoryName(name)), { created: '2026-01-01T00:00:00Z', ...parts })
    await recordRegistry(await theStore(), registry)
    await registry.close()
  })
  afterAll(async () => {
    await (await theStore()).close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
}

/** Records one more tag, on an image that is known already. @returns how it can be recorded as gone */
export async function recordTagOfHub(repository: string, tag: string) {
  const store = await theStore()
  const { digest } = await store.read
    .selectFrom('manifest')
    .select((eb) => store.dialect.digestText(eb.ref('digest')).as('digest'))
    .limit(1)
    .executeTakeFirstOrThrow()
  const place = { registry: 'hub', repository: parseRepositoryName(repository) }
  await recordTags(store, place, [{ tag, digest }], { at: Date.now(), how: 'sync' })
  return () => recordGoneTags(store, place, [tag], { at: Date.now(), how: 'sync' })
}
