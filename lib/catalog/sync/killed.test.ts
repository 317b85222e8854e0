import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore } from '../../store/open-store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { syncStates } from './sync-runs.ts'

/** `KILLS=100 npx vitest run lib/catalog/sync/killed.test.ts` for the long run. */
const KILLS = Number(process.env.KILLS ?? 6)
const REPOSITORIES = 30
const PROGRAM = join(import.meta.dirname, 'testing', 'sync-and-be-killed.ts')

describeEachDatabase('a sync that is killed at any moment', (databases) => {
  let registry: DockerRegistry
  beforeAll(async () => {
    registry = await startDockerRegistry()
    for (let serial = 0; serial < REPOSITORIES; serial++)
      await pushImage(registry.url, `many/r${serial}`, ['1', 'latest'], { labels: { serial: String(serial) } })
  })
  afterAll(() => registry.stop())

  it('leaves the database sound each time, and is finished by the next', {
    timeout: 20_000 + KILLS * 10_000,
  }, async () => {
    const location = await databases.create()
    await (await openStore(location)).close()
    let wasKilled = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [PROGRAM, JSON.stringify(location), registry.url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = new Promise<string | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)))
      await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended])
      await new Promise((resolve) => setTimeout(resolve, (kill * 37) % 250))
      child.kill('SIGKILL')
      if ((await ended) === 'SIGKILL') wasKilled++
      const store = await openStore(location)
      if (databases.kind === 'sqlite')
        expect((await sql`pragma integrity_check`.execute(store.read)).rows).toEqual([{ integrity_check: 'ok' }])
      const { rows } = await sql<{ broken: number }>`
        select count(*) as broken from tag left join manifest on manifest.id = tag.manifest_id
        where tag.manifest_id is not null and manifest.id is null`.execute(store.read)
      expect(Number(rows[0]?.broken)).toBe(0)
      await store.close()
    }
    expect(wasKilled).toBeGreaterThan(0)
    const last = spawn(process.execPath, [PROGRAM, JSON.stringify(location), registry.url], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    expect(await new Promise((resolve) => last.once('close', resolve))).toBe(0)
    const store = await openStore(location)
    expect((await syncStates(store)).get('hub')).toMatchObject({ last: { state: 'complete' } })
    const { rows } = await sql<{ tags: number; manifests: number }>`
      select count(*) as tags, count(distinct manifest_id) as manifests from tag where problem is null`.execute(
      store.read,
    )
    expect({ tags: Number(rows[0]?.tags), manifests: Number(rows[0]?.manifests) }).toEqual({
      tags: 2 * REPOSITORIES,
      manifests: REPOSITORIES,
    })
    await store.close()
  })
})
