import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startChild } from './child-process.ts'

const run = promisify(execFile)

export type EngineKind = 'docker' | 'podman'

/** A container engine with an image store of its own, which is empty at first. */
export interface ContainerEngine extends AsyncDisposable {
  /** Runs `docker <args>` or `podman <args>`; resolves to what it prints. */
  call(...args: readonly string[]): Promise<string>
}

const PROGRAMS: Readonly<Record<EngineKind, readonly string[]>> = {
  docker: ['/usr/sbin/dockerd', '/usr/bin/docker'],
  podman: ['/usr/bin/podman'],
}

/** Why an engine cannot be started here; undefined where it can. */
export function engineLacks(kind: EngineKind): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root'
  const missing = PROGRAMS[kind].find((program) => !existsSync(program))
  return missing && `${missing} is not installed`
}

export function startEngine(kind: EngineKind): Promise<ContainerEngine> {
  return kind === 'docker' ? startDocker() : startPodman()
}

/** Docker's daemon, without networks: what it loads and saves needs none. */
async function startDocker(): Promise<ContainerEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-docker-'))
  const host = `unix://${join(folder, 'socket')}`
  const at = (name: string) => join(folder, name)
  const folders = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')]
  const child = startChild('/usr/sbin/dockerd', [
    ...folders,
    ...['--host', host, '--bridge=none', '--iptables=false', '--storage-driver=vfs'],
  ])
  const call = async (...args: readonly string[]) => (await run('docker', ['--host', host, ...args])).stdout
  for (let tries = 0; ; tries++) {
    try {
      await call('version')
      break
    } catch (error) {
      if (child.exitCode !== null || tries === 100)
        throw new Error(`dockerd does not answer: ${child.output()}`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return {
    call,
    async [Symbol.asyncDispose]() {
      await child.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function startPodman(): Promise<ContainerEngine> {
  // Podman refuses a longer path than 50 characters for what it keeps while it runs.
  const folder = await mkdtemp('/tmp/lading-podman-')
  const store = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs']
  const quiet = ['--cgroup-manager', 'cgroupfs', '--events-backend', 'none']
  return {
    call: async (...args) => (await run('podman', [...store, ...quiet, ...args])).stdout,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}
