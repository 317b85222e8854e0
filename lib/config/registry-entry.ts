import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { ConfigError } from './config-error.ts'
import type { RegistryEntry } from './config-file-schema.ts'
import { type Environment, readSecretFile } from './environment.ts'
import {
  type CredentialsConfig,
  type HttpRegistryConfig,
  type LayoutRegistryConfig,
  parsePublicHost,
  parseRegistryName,
  parseRegistryUrl,
  parseRepositories,
  type RegistryConfig,
  readCa,
} from './registry-config.ts'

export interface Context {
  readonly folder: string
  readonly env: Environment
}

/** One entry under `registries` of the config file, its files read and its secrets fetched. @throws ConfigError */
export function registryFromFile(setting: string, entry: RegistryEntry, context: Context): RegistryConfig {
  const name = parseRegistryName(`${setting}.name`, entry.name)
  const publicHost = entry.publicHost && parsePublicHost(`${setting}.publicHost`, entry.publicHost)
  const common = { name, ...(publicHost && { publicHost }) }
  if (entry.url !== undefined && entry.layout === undefined)
    return { ...common, ...http(setting, entry, entry.url, context) }
  if (entry.layout !== undefined && entry.url === undefined)
    return { ...common, ...layout(setting, entry, entry.layout, context) }
  throw new ConfigError(setting, 'expected either url, for a registry, or layout, for a folder of OCI image layouts')
}

function layout(
  setting: string,
  entry: RegistryEntry,
  path: string,
  context: Context,
): Omit<LayoutRegistryConfig, 'name'> {
  const misplaced = HTTP_ONLY.find((key) => entry[key] !== undefined)
  if (misplaced) throw new ConfigError(`${setting}.${misplaced}`, 'only for registries with a url, not for a layout')
  return { kind: 'layout', path: absolute(path, context), ...(entry.samples && { samples: true }) }
}

function http(setting: string, entry: RegistryEntry, url: string, context: Context): Omit<HttpRegistryConfig, 'name'> {
  if (entry.samples !== undefined) throw new ConfigError(`${setting}.samples`, 'only for a layout')
  const credentials = credentialsOf(setting, entry, context)
  const { caFile, repositories, tokenHosts, storageHosts, signIn } = entry
  return {
    kind: 'http',
    url: parseRegistryUrl(`${setting}.url`, url),
    ...(credentials && { credentials }),
    ...(caFile && { ca: readCa(`${setting}.caFile`, absolute(caFile, context)) }),
    ...(repositories && { repositories: parseRepositories(`${setting}.repositories`, repositories) }),
    ...(tokenHosts && { tokenHosts: tokenHosts.map((host) => parsePublicHost(`${setting}.tokenHosts`, host)) }),
    ...(signIn && { signIn }),
    ...(storageHosts && { storageHosts: storageHosts.map((host) => parsePublicHost(`${setting}.storageHosts`, host)) }),
  }
}

function credentialsOf(setting: string, entry: RegistryEntry, context: Context): CredentialsConfig | undefined {
  const password = secretOf(setting, entry, 'password', context)
  const identityToken = secretOf(setting, entry, 'identityToken', context)
  const { username, dockerConfig } = entry
  const ways = [username ?? password, identityToken, dockerConfig].filter((way) => way !== undefined)
  if (ways.length > 1) {
    throw new ConfigError(
      setting,
      'credentials are set twice. Keep one of username with password, identityToken, dockerConfig',
    )
  }
  if (identityToken !== undefined) return { identityToken }
  if (dockerConfig !== undefined) return { dockerConfig: absolute(dockerConfig, context) }
  if (username !== undefined && password !== undefined) return { username, password }
  if (ways.length === 0) return undefined
  const missing = username === undefined ? 'username' : 'passwordFile'
  throw new ConfigError(`${setting}.${missing}`, 'a user name and a password are needed together')
}

/** A secret that an entry names as `${VARIABLE}`, or as a file under the name with "File" at its end. @throws ConfigError */
export function secretOf<Key extends string>(
  setting: string,
  entry: Readonly<Partial<Record<Key | `${Key}File`, string | undefined>>>,
  key: Key,
  context: Context,
): string | undefined {
  const reference: string | undefined = entry[key]
  const file: string | undefined = entry[`${key}File`]
  if (reference !== undefined && file !== undefined) {
    throw new ConfigError(`${setting}.${key}`, `set twice, as ${key} and as ${key}File. Keep only one`)
  }
  if (file !== undefined) return readSecretFile(`${setting}.${key}File`, absolute(file, context))
  if (reference === undefined) return undefined
  const variable = reference.slice(2, -1)
  const value = context.env[variable]
  if (value) return value
  throw new ConfigError(`${setting}.${key}`, `the environment variable ${variable} is not set`)
}

function absolute(path: string, context: Context): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(context.folder, path)
}

const HTTP_ONLY = [
  'username',
  'password',
  'passwordFile',
  'identityToken',
  'identityTokenFile',
  'dockerConfig',
  'caFile',
  'repositories',
  'tokenHosts',
  'storageHosts',
  'signIn',
] as const satisfies readonly (keyof RegistryEntry)[]
