import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { readAuthSecret } from './auth-secret.ts'
import { ConfigError, quoted } from './config-error.ts'
import { type ConfigFile, type PeopleOfFile, readConfigFile, readPeople } from './config-file.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { type Environment, flag, oneOf, port, secret, text, wholeNumber } from './environment.ts'
import { type Grant, ROLES, type Role } from './grant.ts'
import { isLoopback } from './is-loopback.ts'
import { type OidcConfig, oidcFromEnvironment } from './oidc-config.ts'
import { type Policy, readPolicyFile } from './policy-file.ts'
import { parseBasePath, parseBaseUrl } from './public-address.ts'
import { type RegistryConfig, registryFromEnvironment } from './registry-config.ts'
import type { UserConfig } from './user-config.ts'
import { readUsersFile, usersFilePath } from './users-file.ts'

export interface Config {
  /** Absolute. */
  readonly dataDir: string
  readonly host: string
  readonly port: number
  /** `''` or `/lading`: starts with a slash, ends without. */
  readonly basePath: string
  /** Where people reach Lading, with the base path and no slash at the end: `https://lading.example.com/lading`. */
  readonly baseUrl?: string
  readonly readOnly: boolean
  readonly anonymousRole: Role | 'none'
  /** ANONYMOUS_ROLE is not set: the role was chosen because only this machine can connect, and holds only for requests from it. */
  readonly anonymousOnLoopbackOnly: boolean
  /** Milliseconds that requests under way may take to finish once the process was asked to stop. */
  readonly drain: number
  /** How many of our own proxies append to X-Forwarded-For. */
  readonly trustedProxies: number
  /** Lets Prometheus read /metrics from elsewhere. */
  readonly metricsToken?: string
  /** Days that what was deleted or overwritten is kept, to be restored. */
  readonly trashDays: number
  /** Days that the history of tags is kept. Absent: for ever. */
  readonly historyDays?: number
  /** Where rows of the audit log go besides the database, as JSON lines: `stdout`, or the absolute path of a file. */
  readonly auditLog?: string
  /** Milliseconds between two syncs of each registry. Absent: registries are synced only when somebody asks. */
  readonly syncEvery?: number
  /** What a registry has to send with its notifications. Absent: none are taken. A secret. */
  readonly eventsSecret?: string
  /** Of PostgreSQL, from DATABASE_URL or DATABASE_URL_FILE. Without it the database is a file in `dataDir`. A secret: it may hold a password. */
  readonly databaseUrl?: string
  /** What POLICY_FILE asks of images. Absent: no file is named. */
  readonly policies?: readonly Policy[]
  /** From AUTH_SECRET or AUTH_SECRET_FILE; otherwise `authSecretFile` holds a generated one. */
  readonly authSecret?: string
  readonly authSecretFile: string
  /** Milliseconds: how long a session lasts at most, and how long one that is not used. */
  readonly session: { readonly lifetime: number; readonly idle: number }
  readonly registries: readonly RegistryConfig[]
  /** Where `users` come from: the configuration file, or the data directory, where the first start creates an admin. */
  readonly usersFrom: 'config-file' | 'data-directory'
  readonly users: readonly UserConfig[]
  /** Where people sign in besides: its users get their rights by grants to their names and groups. */
  readonly oidc?: OidcConfig
  readonly grants: readonly Grant[]
}

/**
 * Reads the environment and the files it names. It only reads: `prepareData` creates what is missing.
 * @throws ConfigError on the first wrong value
 */
export function loadConfig(env: Environment = process.env): Config {
  const dataDir = resolve(/*turbopackIgnore: true*/ text(env, 'DATA_DIR') ?? 'data')
  const host = parseHost(text(env, 'HOST') ?? '127.0.0.1')
  const basePath = parseBasePath(text(env, 'BASE_PATH'))
  const baseUrl = parseBaseUrl(text(env, 'NEXTAUTH_URL'), basePath)
  const anonymousRole = oneOf(env, 'ANONYMOUS_ROLE', ['none', ...ROLES] as const)
  const proxies = trustedProxies(env)
  const authSecret = readAuthSecret(env)
  const metricsToken = secret(env, 'METRICS_TOKEN')
  const eventsSecret = secret(env, 'EVENTS_SECRET')
  const syncMinutes = wholeNumber(env, 'SYNC_MINUTES', 0, 10_080) ?? 15
  const databaseUrl = parseDatabaseUrl(secret(env, 'DATABASE_URL'))
  const historyDays = wholeNumber(env, 'HISTORY_DAYS', 1, 3_650)
  const auditLog = text(env, 'AUDIT_LOG')
  const policyFile = text(env, 'POLICY_FILE')
  oneOf(env, 'LOG_LEVEL', ['debug', 'info', 'warn', 'error'] as const)
  const file = configFileOf(env)
  const people = peopleOf(file, dataDir)
  const oidc = oidcOf(env, file)
  if (oidc && !baseUrl && !isLoopback(host))
    throw new ConfigError(
      'NEXTAUTH_URL',
      'expected the address of this site, because the provider sends people back to it, for example https://lading.example.com',
    )
  return {
    dataDir,
    host,
    port: port(env, 'PORT') ?? 3000,
    basePath,
    ...(baseUrl && { baseUrl }),
    readOnly: flag(env, 'READ_ONLY') ?? false,
    anonymousRole: anonymousRole ?? (isOnlyLocal({ host, baseUrl, proxies }) ? 'viewer' : 'none'),
    anonymousOnLoopbackOnly: anonymousRole === undefined,
    drain: (wholeNumber(env, 'DRAIN_SECONDS', 0, 3_600) ?? 5) * 1000,
    trustedProxies: proxies,
    ...(metricsToken && { metricsToken }),
    trashDays: wholeNumber(env, 'TRASH_DAYS', 1, 3_650) ?? 90,
    ...(historyDays !== undefined && { historyDays }),
    ...(auditLog && { auditLog: auditLog === 'stdout' ? auditLog : resolve(/*turbopackIgnore: true*/ auditLog) }),
    ...(databaseUrl && { databaseUrl }),
    ...(syncMinutes > 0 && { syncEvery: syncMinutes * 60_000 }),
    ...(eventsSecret && { eventsSecret }),
    ...(policyFile && { policies: readPolicyFile(resolve(/*turbopackIgnore: true*/ policyFile)) }),
    ...(authSecret && { authSecret }),
    authSecretFile: join(dataDir, 'auth-secret'),
    session: {
      lifetime: (wholeNumber(env, 'SESSION_HOURS', 1, 720) ?? 12) * 3_600_000,
      idle: (wholeNumber(env, 'SESSION_IDLE_MINUTES', 1, 43_200) ?? 60) * 60_000,
    },
    registries: registriesOf(env, file, dataDir),
    ...(oidc && { oidc }),
    ...people,
  }
}

/**
 * The configuration of this process. Users, groups and grants follow their files within seconds, so that a revoked
 * right ends without a restart; everything else, the registries included, stays as it was at the start.
 * @throws ConfigError
 */
export function config(): Config {
  return held().config
}

/** What is wrong with the configuration file since it was changed: the users and grants it names there are not in force. */
export function configProblem(): string | undefined {
  return held().problem
}

interface Held {
  readonly config: Config
  readonly problem?: string
  readonly stamp: string
  readonly checkedAt: number
}

function held(): Held {
  // Not the time of day: a right that was taken away must end although somebody sets the clock back.
  const checkedAt = performance.now()
  const known = memory.ladingConfig
  if (known && checkedAt - known.checkedAt < 2000) return known
  const stamp = filesStamp(known?.config)
  memory.ladingConfig = !known
    ? firstRead(checkedAt)
    : stamp === known.stamp
      ? { ...known, checkedAt }
      : { ...refreshed(known.config), stamp, checkedAt }
  return memory.ladingConfig
}

function firstRead(checkedAt: number): Held {
  const config = loadConfig()
  return { config, stamp: filesStamp(config), checkedAt }
}

/** Whether nothing in the settings says that anyone elsewhere is meant to reach Lading. */
function isOnlyLocal(settings: { host: string; baseUrl: string | undefined; proxies: number }): boolean {
  const { host, baseUrl, proxies } = settings
  return isLoopback(host) && proxies === 0 && (baseUrl === undefined || isLoopback(new URL(baseUrl).hostname))
}

// Next bundles this module more than once in a process; the global object is what the copies share.
const memory = globalThis as { ladingConfig?: Held }

function refreshed(old: Config): Pick<Held, 'config' | 'problem'> {
  try {
    const path = text(process.env, 'LADING_CONFIG')
    const file = path === undefined ? undefined : readPeople(resolve(/*turbopackIgnore: true*/ path))
    const config = { ...old, ...peopleOf(file, old.dataDir) }
    if (!file?.problem) return { config }
    console.error(`Part of the configuration has an error and isn’t applied. ${file.problem.message}`)
    return { config, problem: file.problem.message }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`The changed configuration can’t be read; users and grants stay as they were. ${error.message}`)
    return { config: old, problem: error.message }
  }
}

function configFileOf(env: Environment): ConfigFile | undefined {
  const path = text(env, 'LADING_CONFIG')
  return path === undefined ? undefined : readConfigFile(resolve(/*turbopackIgnore: true*/ path), env)
}

function peopleOf(file: PeopleOfFile | undefined, dataDir: string): Pick<Config, 'usersFrom' | 'users' | 'grants'> {
  const grants = file?.grants ?? []
  if (file?.users) return { usersFrom: 'config-file', users: file.users, grants }
  return { usersFrom: 'data-directory', users: readUsersFile(dataDir), grants }
}

function registriesOf(env: Environment, file: ConfigFile | undefined, dataDir: string): readonly RegistryConfig[] {
  if (file?.registries === undefined) {
    const registry = registryFromEnvironment(env)
    return [registry ?? { name: 'local', kind: 'layout', path: join(dataDir, 'layout'), samples: true }]
  }
  if (text(env, 'REGISTRY_URL') === undefined) return file.registries
  throw new ConfigError(
    'REGISTRY_URL',
    'registries are set twice, here and under "registries" in LADING_CONFIG. Keep only one',
  )
}

function oidcOf(env: Environment, file: ConfigFile | undefined): OidcConfig | undefined {
  const fromEnvironment = oidcFromEnvironment(env)
  if (fromEnvironment && file?.oidc)
    throw new ConfigError(
      'OIDC_ISSUER',
      'the provider is set twice, here and under "oidc" in LADING_CONFIG. Keep only one',
    )
  return fromEnvironment ?? file?.oidc
}

function filesStamp(current: Config | undefined): string {
  const paths = [process.env.LADING_CONFIG, current && usersFilePath(current.dataDir)]
  return paths.map((path) => (path ? fileStamp(path) : '')).join(' ')
}

function fileStamp(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat ? `${stat.mtimeMs}/${stat.size}/${stat.ino}` : 'absent'
}

function parseHost(host: string): string {
  if (isIP(host) !== 0 || /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host)) return host
  throw new ConfigError(
    'HOST',
    `expected an address or a host name without port or brackets, for example 127.0.0.1, 0.0.0.0 or ::1; found ${quoted(host)}`,
  )
}

function trustedProxies(env: Environment): number {
  const value = text(env, 'TRUSTED_PROXIES') ?? '0'
  if (/^[0-9]$/.test(value)) return Number(value)
  throw new ConfigError(
    'TRUSTED_PROXIES',
    `expected the number of your proxies in front of Lading, 0 to 9, for example 1; found ${quoted(value)}`,
  )
}
