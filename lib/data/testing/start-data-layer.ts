import { rm } from 'node:fs/promises'
import { afterAll, beforeAll } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { startPostgres } from '../../testing/servers/postgres.ts'
import { configure } from './configure.ts'

/** The real data layer of this process, over a real registry behind a fault proxy, and a real database. */
export function startDataLayer(kind: 'SQLite' | 'PostgreSQL') {
  let folder = ''
  let registry: DockerRegistry
  let proxy: FaultProxy
  let stopDatabase = async () => {}
  beforeAll(async () => {
    registry = await startDockerRegistry()
    proxy = await startFaultProxy(registry.url)
    folder = await configure({ local: proxy.url })
    if (kind === 'PostgreSQL') {
      const postgres = await startPostgres()
      process.env.DATABASE_URL = await postgres.createDatabase()
      stopDatabase = async () => {
        await (await theStore()).close()
        await postgres.stop()
      }
    }
  })
  afterAll(async () => {
    await stopDatabase()
    await proxy.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  return {
    get url() {
      return registry.url
    },
    get proxy() {
      return proxy
    },
    /** Where the registry keeps its files. */
    get storage() {
      return registry.storage
    },
    /** What the catalog learns of a repository. */
    async sync(name: string): Promise<void> {
      const { syncRepository } = await import('../../catalog/sync/sync-repository.ts')
      const { openForServer } = await import('../registries/open.ts')
      const opened = openForServer({ registry: 'local', repository: parseRepositoryName(name) })
      if (opened) await syncRepository(await theStore(), opened, { at: Date.now(), how: 'sync' }, { limit: 8 })
    },
  }
}
