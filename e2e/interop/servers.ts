import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractFeatures } from '../../lib/registry/registry-contract.ts'
import { untilAnswers } from '../servers/answers.ts'
import { startChild } from '../servers/child-process.ts'
import { startDockerRegistry } from '../servers/docker-registry.ts'
import { freePort } from '../servers/free-port.ts'

export type ServerKind = 'distribution3' | 'ggcr' | 'zot'

interface Server {
  readonly title: string
  /** What `go install` takes; its version is pinned. */
  readonly module: string
  readonly tags?: string
  readonly features: ContractFeatures
  start(program: string): Promise<{ readonly url: string; stop(): Promise<void> }>
}

export const SERVERS: Readonly<Record<ServerKind, Server>> = {
  distribution3: {
    title: 'distribution 3.1.2',
    module: 'github.com/distribution/distribution/v3/cmd/registry@v3.1.2',
    features: { tagStrategy: 'direct' },
    start: (program) => startDockerRegistry({ program }),
  },
  ggcr: {
    title: 'the registry of go-containerregistry 0.22.1',
    module: 'github.com/google/go-containerregistry/cmd/crane@v0.22.1',
    // It keeps tags of manifests that are gone, answers 416 to open ranges and 500 to deletions of absent blobs.
    features: { tagStrategy: 'direct', mount: false, deleteBlob: false, openRanges: false, tagsGoWithManifest: false },
    start: startGgcr,
  },
  zot: {
    title: 'zot 2.1.8',
    module: 'zotregistry.dev/zot/v2/cmd/zot@v2.1.8',
    tags: 'containers_image_openpgp',
    features: { tagStrategy: 'direct' },
    start: startZot,
  },
}

export function serverProgram(kind: ServerKind): string {
  const [path = '', version = ''] = SERVERS[kind].module.split('@')
  const cache = join(import.meta.dirname, '..', '..', '.cache', 'interop')
  return join(cache, `${kind}-${version}`, path.slice(path.lastIndexOf('/') + 1))
}

async function startGgcr(program: string) {
  const port = await freePort()
  const child = startChild(program, ['registry', 'serve', '--address', `127.0.0.1:${port}`])
  const url = `http://127.0.0.1:${port}`
  await untilAnswers(`${url}/v2/`, child)
  return { url, stop: () => child.stop('SIGKILL') }
}

async function startZot(program: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lading-zot-'))
  const port = await freePort()
  const config = join(folder, 'config.json')
  const storage = { rootDirectory: join(folder, 'storage'), gc: false, dedupe: false }
  await writeFile(
    config,
    JSON.stringify({
      storage,
      http: { address: '127.0.0.1', port: String(port), compat: ['docker2s2'] },
      log: { level: 'error' },
    }),
  )
  const child = startChild(program, ['serve', config])
  const url = `http://127.0.0.1:${port}`
  await untilAnswers(`${url}/v2/`, child)
  const stop = async () => {
    await child.stop('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  return { url, stop }
}
