import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type EngineKind, engineLacks } from '../lib/testing/servers/container-engine.ts'
import { buildGoProgram, hasGo } from './interop/go-program.ts'
import { SERVERS, type ServerKind } from './interop/servers.ts'

/**
 * `npm run test:interop`: the contract suite on registries that are built from source for it, and archives in the
 * container engines that are installed. What cannot run here says so.
 */
const ROOT = join(import.meta.dirname, '..')
const ENGINES: readonly EngineKind[] = ['docker', 'podman']

process.exitCode = await main()

async function main(): Promise<number> {
  const missing: string[] = []
  const servers = await buildServers(missing)
  const engines = ENGINES.filter((kind) => {
    const lack = engineLacks(kind)
    if (lack) missing.push(`${kind} load and save did not run: ${lack}.`)
    return !lack
  })
  const exitCode = servers.length + engines.length > 0 ? runTests(servers, engines) : 0
  for (const line of missing) console.log(line)
  if (servers.length + engines.length === 0) console.log('No interoperability test ran.')
  return exitCode
}

async function buildServers(missing: string[]): Promise<ServerKind[]> {
  if (!hasGo()) {
    missing.push('No registry was built from source: Go is not installed.')
    return []
  }
  const ready: ServerKind[] = []
  for (const kind of Object.keys(SERVERS) as ServerKind[]) {
    const failure = await buildGoProgram(SERVERS[kind].source, SERVERS[kind].title)
    if (failure === undefined) ready.push(kind)
    else missing.push(`${SERVERS[kind].title} did not run: it could not be built: ${failure}`)
  }
  return ready
}

function runTests(servers: readonly ServerKind[], engines: readonly EngineKind[]): number {
  const vitest = join(ROOT, 'node_modules', '.bin', 'vitest')
  const env = { ...process.env, LADING_INTEROP: servers.join(','), LADING_ENGINES: engines.join(',') }
  const files = [
    ...(servers.length > 0 ? ['interop.contract'] : []),
    ...(engines.length > 0 ? ['engines.contract'] : []),
  ]
  const args = ['run', '--config', 'e2e/interop/vitest.config.ts', ...files]
  return spawnSync(vitest, args, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1
}
