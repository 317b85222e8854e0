import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../lib/testing/servers/cluster.ts'
import { ensurePackages } from '../runner/ensure-packages.ts'

/** `npm run start:cluster`: PostgreSQL, three replicas and a balancer on one port, until it is interrupted. */
if (await ensurePackages()) {
  // One folder for all, so that they have the same first user and sample images.
  const dataDir = await mkdtemp(join(tmpdir(), 'lading-cluster-'))
  // What the environment says holds for each replica, except for what makes them one.
  const { PORT, DATA_DIR: _, ...env } = process.env
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const cluster = await startCluster(
    { SYNC_MINUTES: '15', ...Object.fromEntries(given), DATA_DIR: dataDir },
    { port: Number(PORT ?? 3000) },
  )
  console.log(`Three replicas are at ${cluster.url}`)
  for (const { url, pid } of cluster.replicas) console.log(`  ${url}, process ${pid}`)
  if (!env.LADING_CONFIG) console.log(`Sign in as admin with the password ${cluster.replicas[0]?.adminPassword()}`)
  const end = async () => {
    await cluster[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
    process.exit(0)
  }
  process.once('SIGINT', end).once('SIGTERM', end)
} else process.exitCode = 1
