import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import bcrypt from 'bcryptjs'
import { stringify } from 'yaml'
import { untilAnswers } from './answers.ts'
import { startChild } from './child-process.ts'
import { freePort } from './free-port.ts'

export interface DockerRegistryOptions {
  /** Default true. */
  readonly deletes?: boolean
  readonly htpasswd?: Login | readonly Login[]
  /** As a token server gives it: `startTokenServer().token`. */
  readonly token?: TokenAuthentication
  /** Paths of PEM files: `makeCertificates()`. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Accepts Docker schema 1 manifests. Default false. */
  readonly schema1?: boolean
  /** Where it sends notifications, and the header that it sends with them. */
  readonly notifications?: { readonly url: string; readonly authorization: string }
  /** The largest page of `_catalog`; distribution's own default is 1000. */
  readonly catalogMaxEntries?: number
  /** A folder to keep after `stop`. Default: a temporary one. */
  readonly storage?: string
  readonly port?: number
  /** Another build of distribution, as version 3. Default: Debian's. */
  readonly program?: string
}

export interface Login {
  readonly username: string
  readonly password: string
}

export interface TokenAuthentication {
  readonly realm: string
  readonly service: string
  readonly issuer: string
  readonly rootcertbundle: string
}

export interface DockerRegistry extends AsyncDisposable {
  /** `http://127.0.0.1:41234`, no slash at the end. */
  readonly url: string
  /** `127.0.0.1:41234` */
  readonly host: string
  readonly port: number
  /** The folder that holds `docker/registry/v2`. */
  readonly storage: string
  readonly pid: number
  output(): string
  stop(): Promise<void>
}

/** Starts Debian's `docker-registry` (distribution 2.8) on a free port of 127.0.0.1. */
export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-registry-'))
  const storage = options.storage ?? join(folder, 'storage')
  await mkdir(storage, { recursive: true })
  const port = options.port ?? (await freePort())
  const config = join(folder, 'config.yml')
  await writeFile(config, stringify(await configuration(options, folder, storage, port)))
  // Version 3 would otherwise look for a collector of traces.
  const child = startChild(options.program ?? '/usr/bin/docker-registry', ['serve', config], {
    OTEL_TRACES_EXPORTER: 'none',
  })
  const host = `127.0.0.1:${port}`
  const url = `${options.tls ? 'https' : 'http'}://${host}`
  const stop = async () => {
    await child.stop('SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    await untilAnswers(`${url}/v2/`, child)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, host, port, storage, pid: child.pid, output: child.output, stop, [Symbol.asyncDispose]: stop }
}

async function configuration(options: DockerRegistryOptions, folder: string, storage: string, port: number) {
  return {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storage },
      cache: { blobdescriptor: 'inmemory' },
      delete: { enabled: options.deletes ?? true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(options.tls && { tls: { certificate: options.tls.cert, key: options.tls.key } }),
    },
    ...(options.notifications && {
      notifications: {
        endpoints: [
          {
            name: 'lading',
            url: options.notifications.url,
            headers: { Authorization: [options.notifications.authorization] },
            timeout: '2s',
            threshold: 3,
            backoff: '1s',
          },
        ],
      },
    }),
    health: { storagedriver: { enabled: false } },
    ...(options.schema1 && { compatibility: { schema1: { enabled: true } } }),
    ...(options.catalogMaxEntries && { catalog: { maxentries: options.catalogMaxEntries } }),
    ...(options.htpasswd && {
      auth: { htpasswd: { realm: 'registry', path: await htpasswdFile(folder, options.htpasswd) } },
    }),
    ...(options.token && { auth: { token: { ...options.token } } }),
  }
}

async function htpasswdFile(folder: string, logins: Login | readonly Login[]) {
  const path = join(folder, 'htpasswd')
  // The lowest cost that Go's bcrypt takes: each request pays for it.
  const lines = [logins].flat().map(async ({ username, password }) => `${username}:${await bcrypt.hash(password, 4)}\n`)
  await writeFile(path, (await Promise.all(lines)).join(''))
  return path
}
