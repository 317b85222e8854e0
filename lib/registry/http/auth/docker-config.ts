import { open } from 'node:fs/promises'
import { isRecord } from '../../../oci/descriptor.ts'
import { RegistryError } from '../../errors.ts'
import { credentialHelper } from './credential-helper.ts'
import type { CredentialSource, Credentials } from './credentials.ts'

const LARGEST_FILE = 1024 * 1024
/** `docker login` may change the file, and helpers give tokens that end: milliseconds until both are asked again. */
const KEPT = 120_000
const HUB = 'https://index.docker.io/v1/'
const HUB_HOSTS: ReadonlySet<string> = new Set(['registry-1.docker.io', 'index.docker.io', 'docker.io'])

/**
 * Credentials from a Docker `config.json` (docker/cli, config/configfile): `credHelpers` of the host, then `credsStore`,
 * then `auths` with `auth`, `identitytoken` or `registrytoken`. Helpers are programs named `docker-credential-<name>`
 * in the PATH. A host that is not named is anonymous.
 * @param path of the file
 * @returns a source that throws RegistryError `unauthorized` when the file or a helper fails
 */
export function dockerConfigCredentials(path: string): CredentialSource {
  const kept = new Map<string, { readonly found: Promise<Credentials | undefined>; readonly until: number }>()
  return (host) => {
    const before = kept.get(host)
    if (before && before.until > Date.now()) return before.found
    // Not aborted by the caller's signal: others wait for the same answer, and helpers have their own time limit.
    const found = find(path, host)
    kept.set(host, { found, until: Date.now() + KEPT })
    found.catch(() => kept.delete(host))
    return found
  }
}

async function find(path: string, host: string): Promise<Credentials | undefined> {
  const document = await readConfig(path)
  const { auths, credHelpers, credsStore } = document
  const [key, entry] = entryFor(host, auths) ?? []
  const [, ownHelper] = entryFor(host, credHelpers) ?? []
  const helper = typeof ownHelper === 'string' ? ownHelper : credsStore
  if (typeof helper === 'string' && helper !== '') {
    const found = await credentialHelper(helper, key ?? (HUB_HOSTS.has(host) ? HUB : host))
    if (found) return found
  }
  return isRecord(entry) ? readEntry(entry) : undefined
}

function readEntry({
  auth,
  username,
  password,
  identitytoken,
  registrytoken,
}: Record<string, unknown>): Credentials | undefined {
  const decoded = typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8') : ''
  const colon = decoded.indexOf(':')
  const user = colon > 0 ? decoded.slice(0, colon) : username
  // Docker itself ended old passwords with NUL.
  const secret = colon > 0 ? decoded.slice(colon + 1).replace(/\0+$/, '') : password
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { identityToken: identitytoken, ...(typeof user === 'string' && user && { username: user }) }
  if (typeof registrytoken === 'string' && registrytoken !== '') return { registryToken: registrytoken }
  return typeof user === 'string' && typeof secret === 'string' ? { username: user, password: secret } : undefined
}

/**
 * The entry of a host. podman also writes `host/namespace` and `host/namespace/repository`, for other accounts
 * (containers-auth.json(5)): these count only where the host itself has none.
 */
function entryFor(host: string, entries: unknown): [key: string, value: unknown] | undefined {
  const isHost = (name: string | undefined) =>
    name === host || (HUB_HOSTS.has(host) && name !== undefined && HUB_HOSTS.has(name))
  const all = isRecord(entries) ? Object.entries(entries) : []
  return all.find(([key]) => isHost(plain(key))) ?? all.find(([key]) => isHost(plain(key).split('/', 1)[0]))
}

/** `https://host:port/v1/` and `host:port` are the same. */
function plain(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/(?:\/v[12])?\/?$/, '')
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  try {
    await using file = await open(path)
    const { size } = await file.stat()
    if (size > LARGEST_FILE) throw new Error(`larger than ${LARGEST_FILE} bytes`)
    const document: unknown = JSON.parse(await file.readFile('utf8'))
    return isRecord(document) ? document : {}
  } catch (cause) {
    // The parser quotes the text it couldn't read, which may be a password.
    const why =
      cause instanceof SyntaxError ? 'it isn’t valid JSON' : cause instanceof Error ? cause.message : 'unknown'
    throw new RegistryError('unauthorized', `the Docker configuration ${path} can’t be read: ${why}`)
  }
}
