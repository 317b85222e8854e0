import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { isRepositoryName, type RepositoryName } from '../oci/reference.ts'
import { ConfigError, quoted } from './config-error.ts'
import { type Environment, flag, readTextFile, secret, text } from './environment.ts'

export type RegistryConfig = HttpRegistryConfig | LayoutRegistryConfig

export interface HttpRegistryConfig {
  readonly name: string
  readonly kind: 'http'
  /** Scheme, host and port, nothing else: `https://registry.example.com:5000`. */
  readonly url: string
  /** The host that pull commands name, if it isn't the host of `url`. */
  readonly publicHost?: string
  readonly credentials?: CredentialsConfig
  /** Trusted in addition to the system's authorities; PEM. */
  readonly ca?: string
  /** For registries without a catalog. */
  readonly repositories?: readonly RepositoryName[]
  /** Hosts other than the registry's own that may be asked for tokens with these credentials. */
  readonly tokenHosts?: readonly string[]
  /** Hosts on an internal network that the registry may redirect downloads to. */
  readonly storageHosts?: readonly string[]
  /** People may sign in with their own accounts of this registry. */
  readonly signIn?: true
}

export type CredentialsConfig =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string }
  /** The absolute path of a Docker `config.json`, read when a registry asks for credentials. */
  | { readonly dockerConfig: string }

export interface LayoutRegistryConfig {
  readonly name: string
  readonly kind: 'layout'
  /** Absolute. */
  readonly path: string
  readonly publicHost?: string
  /** Filled with sample images if it is empty. */
  readonly samples?: boolean
}

/** The one registry that `REGISTRY_*` describes, if it does. @throws ConfigError */
export function registryFromEnvironment(env: Environment): HttpRegistryConfig | undefined {
  const given = text(env, 'REGISTRY_URL')
  if (given === undefined) {
    const alone = REGISTRY_VARIABLES.find((name) => text(env, name) !== undefined)
    if (alone)
      throw new ConfigError(alone, 'needs REGISTRY_URL too, for example REGISTRY_URL=https://registry.example.com')
    return undefined
  }
  const url = parseRegistryUrl('REGISTRY_URL', given)
  const publicHost = text(env, 'REGISTRY_PUBLIC_HOST')
  const credentials = credentialsFromEnvironment(env)
  const caFile = text(env, 'REGISTRY_CA_FILE')
  const repositories = text(env, 'REGISTRY_REPOSITORIES')
  const signIn = flag(env, 'REGISTRY_SIGN_IN')
  return {
    name: parseRegistryName('REGISTRY_NAME', text(env, 'REGISTRY_NAME') ?? defaultName(url)),
    kind: 'http',
    url,
    ...(publicHost && { publicHost: parsePublicHost('REGISTRY_PUBLIC_HOST', publicHost) }),
    ...(credentials && { credentials }),
    ...(caFile && { ca: readCa('REGISTRY_CA_FILE', caFile) }),
    ...(repositories && { repositories: parseRepositories('REGISTRY_REPOSITORIES', repositories.split(/[\s,]+/)) }),
    ...(signIn && { signIn }),
  }
}

const REGISTRY_VARIABLES = [
  'REGISTRY_NAME',
  'REGISTRY_USERNAME',
  'REGISTRY_PASSWORD',
  'REGISTRY_PASSWORD_FILE',
  'REGISTRY_CA_FILE',
  'REGISTRY_PUBLIC_HOST',
  'REGISTRY_REPOSITORIES',
  'REGISTRY_SIGN_IN',
]

export function parseRegistryUrl(setting: string, value: string): string {
  const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null
  if (url && (url.username || url.password)) {
    throw new ConfigError(setting, 'expected no user or password in the URL; give them as username and password')
  }
  const isBare = url && url.hostname !== '' && url.pathname === '/' && !url.search && !url.hash
  if (isBare) return url.origin
  // The rest of a malformed URL may hold a password before an @.
  const found = value.includes('@') ? 'something else' : quoted(value)
  throw new ConfigError(
    setting,
    `expected http:// or https://, host and port only, for example https://registry.example.com or http://localhost:5000; found ${found}`,
  )
}

/** Names are part of every link, so only characters that a URL shows unchanged are allowed. */
export function parseRegistryName(setting: string, value: string): string {
  if (/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(value)) return value
  throw new ConfigError(
    setting,
    `expected up to 64 lower-case letters, digits and . _ -, for example hub; found ${quoted(value)}`,
  )
}

export function parsePublicHost(setting: string, value: string): string {
  if (/^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::[0-9]{1,5})?$/.test(value)) return value
  throw new ConfigError(
    setting,
    `expected a host with an optional port, for example registry.example.com:5000; found ${quoted(value)}`,
  )
}

export function parseRepositories(setting: string, names: readonly string[]): readonly RepositoryName[] {
  const wanted = [...new Set(names.filter((name) => name !== ''))]
  return wanted.map((name) => {
    if (isRepositoryName(name)) return name
    throw new ConfigError(
      setting,
      `expected repository names such as team/app, without host or tag; found ${quoted(name)}`,
    )
  })
}

export function readCa(setting: string, path: string): string {
  const pem = readTextFile(setting, path)
  try {
    void new X509Certificate(pem)
    return pem
  } catch (error) {
    throw new ConfigError(
      setting,
      `${path} has no PEM certificate (-----BEGIN CERTIFICATE-----). To convert a DER file: openssl x509 -inform der -in ${path}`,
      { cause: error },
    )
  }
}

function credentialsFromEnvironment(env: Environment): CredentialsConfig | undefined {
  const username = text(env, 'REGISTRY_USERNAME')
  const password =
    username === undefined ? (env.REGISTRY_PASSWORD ?? env.REGISTRY_PASSWORD_FILE) : secret(env, 'REGISTRY_PASSWORD')
  if (username !== undefined && password !== undefined) return { username, password }
  if (username !== undefined) {
    throw new ConfigError(
      'REGISTRY_PASSWORD',
      'required with REGISTRY_USERNAME; or name a file with it in REGISTRY_PASSWORD_FILE',
    )
  }
  if (password)
    throw new ConfigError('REGISTRY_USERNAME', 'required with REGISTRY_PASSWORD, for example REGISTRY_USERNAME=robot')
  const dockerFolder = text(env, 'DOCKER_CONFIG')
  return dockerFolder === undefined ? undefined : { dockerConfig: join(dockerFolder, 'config.json') }
}

function defaultName(url: string): string {
  const name = new URL(url).hostname.toLowerCase()
  return name.startsWith('[') ? 'registry' : name
}
