import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractFeatures } from '../../lib/registry/contract/candidate.ts'
import { untilAnswers } from '../../lib/testing/servers/answers.ts'
import { startChild } from '../../lib/testing/servers/child-process.ts'
import { startDockerRegistry } from '../../lib/testing/servers/docker-registry.ts'
import { freePort } from '../../lib/testing/servers/free-port.ts'
import { type GoSource, goProgram } from './go-program.ts'

export type ServerKind = 'distribution3' | 'ggcr' | 'oci' | 'zot'

interface Server {
  readonly title: string
  readonly source: GoSource
  readonly features: ContractFeatures
  start(program: string): Promise<{ readonly url: string; stop(): Promise<void> }>
}

export const SERVERS: Readonly<Record<ServerKind, Server>> = {
  distribution3: {
    title: 'distribution 3.1.2',
    source: { module: 'github.com/distribution/distribution/v3/cmd/registry@v3.1.2' },
    features: { tagStrategy: 'direct' },
    start: (program) => startDockerRegistry({ program }),
  },
  ggcr: {
    title: 'the registry of go-containerregistry 0.22.1',
    source: { module: 'github.com/google/go-containerregistry/cmd/crane@v0.22.1' },
    // It keeps tags of manifests that are gone, answers 416 to open ranges and 500 to deletions of absent blobs.
    features: { tagStrategy: 'direct', mount: false, deleteBlob: false, openRanges: false },
    start: startGgcr,
  },
  oci: {
    title: "CUE's ociregistry, which has all of OCI 1.1",
    source: { folder: 'oci-registry' },
    // It keeps tags of manifests that are gone.
    features: { tagStrategy: 'direct' },
    start: startOci,
  },
  zot: {
    title: 'zot 2.1.8',
    source: { module: 'zotregistry.dev/zot/v2/cmd/zot@v2.1.8', tags: 'containers_image_openpgp' },
    features: { tagStrategy: 'direct' },
    start: startZot,
  },
}

export function serverProgram(kind: ServerKind): string {
  return goProgram(SERVERS[kind].source)
}

async function startOci(program: string) {
  const address = `127.0.0.1:${await freePort()}`
  const child = startChild(program, ['-address', address])
  const url = `http://${address}`
  await untilAnswers(`${url}/v2/`, child)
  return { url, stop: () => child.stop('SIGKILL') }
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
