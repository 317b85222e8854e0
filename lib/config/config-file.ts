import { basename, dirname } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { configFileSchema, grantSchema, type oidcSchema, userSchema } from './config-file-schema.ts'
import { type Environment, readTextFile } from './environment.ts'
import type { Grant } from './grant.ts'
import { type OidcConfig, parseOidc } from './oidc-config.ts'
import type { RegistryConfig } from './registry-config.ts'
import { type Context, registryFromFile, secretOf } from './registry-entry.ts'
import type { UserConfig } from './user-config.ts'

export interface ConfigFile {
  readonly registries?: readonly RegistryConfig[]
  readonly users?: readonly UserConfig[]
  readonly oidc?: OidcConfig
  readonly grants: readonly Grant[]
}

/**
 * Reads the YAML file that LADING_CONFIG names, and the secrets it points to. Relative paths in it start at its folder.
 * @throws ConfigError that names the file and the path in it
 */
export function readConfigFile(path: string, env: Environment): ConfigFile {
  const file = basename(path)
  const parsed = configFileSchema.safeParse(parseYaml(file, readTextFile('LADING_CONFIG', path)))
  if (!parsed.success) throw schemaError(file, parsed.error)
  const { registries, users, grants, oidc } = parsed.data
  assertUnique(`${file}: registries`, registries?.map(({ name }) => name) ?? [])
  assertUnique(`${file}: users`, users?.map(({ username }) => username) ?? [])
  const context = { folder: dirname(path), env }
  return {
    ...(registries && {
      registries: registries.map((entry, index) => registryFromFile(`${file}: registries[${index}]`, entry, context)),
    }),
    ...(users && { users: users.map(userOf) }),
    ...(oidc && { oidc: oidcFromFile(`${file}: oidc`, oidc, context) }),
    grants: (grants ?? []).map((entry, index) => grantOf(`${file}: grants[${index}]`, entry)),
  }
}

/** The users and grants of the file as it is now, and what is wrong with it. */
export interface PeopleOfFile {
  readonly users?: readonly UserConfig[]
  readonly grants: readonly Grant[]
  readonly problem?: ConfigError
}

/**
 * Only the users and grants of the file. An entry with an error counts for nothing, and the others are followed: a
 * right that was taken away must end although something else in the file is wrong. Grants only ever add rights.
 * @throws ConfigError if the file as a whole can't be read, or `users` or `grants` isn't a list
 */
export function readPeople(path: string): PeopleOfFile {
  const file = basename(path)
  const content = parseYaml(file, readTextFile('LADING_CONFIG', path))
  const parsed = configFileSchema.safeParse(content)
  const lists = z.looseObject({ users: z.array(z.unknown()).optional(), grants: z.array(z.unknown()).optional() })
  const loose = lists.safeParse(content)
  if (!loose.success) throw schemaError(file, parsed.error ?? loose.error)
  const problems: ConfigError[] = parsed.success ? [] : [schemaError(file, parsed.error)]
  const users = loose.data.users?.flatMap((entry) => userSchema.safeParse(entry).data ?? []).map(userOf)
  const grants = (loose.data.grants ?? []).flatMap((entry, index) => {
    const grant = grantSchema.safeParse(entry)
    if (!grant.success) return []
    try {
      return [grantOf(`${file}: grants[${index}]`, grant.data)]
    } catch (error) {
      if (error instanceof ConfigError) problems.push(error)
      return []
    }
  })
  // Two users with one name are ambiguous: neither counts.
  const counts = Map.groupBy(users ?? [], ({ username }) => username)
  const [twice] = [...counts].filter(([, entries]) => entries.length > 1)
  if (twice) problems.push(new ConfigError(`${file}: users`, `the name ${twice[0]} is used twice`))
  return {
    ...(users && { users: users.filter(({ username }) => counts.get(username)?.length === 1) }),
    grants,
    ...(problems[0] && { problem: problems[0] }),
  }
}

function oidcFromFile(setting: string, entry: z.infer<typeof oidcSchema>, context: Context): OidcConfig {
  const { clientSecretFile: _, ...settings } = entry
  const clientSecret = secretOf(setting, entry, 'clientSecret', context)
  return parseOidc({ ...settings, clientSecret }, (name) => `${setting}.${name}`)
}

function userOf({ role, ...user }: z.infer<typeof userSchema>): UserConfig {
  return { ...user, ...(role && { role }) }
}

function grantOf(setting: string, { user, group, ...grant }: z.infer<typeof grantSchema>): Grant {
  return { ...grant, subject: subjectOf(setting, user, group) }
}

function parseYaml(file: string, source: string): unknown {
  const document = parseDocument(source, { prettyErrors: true })
  const error = document.errors[0]
  if (!error) return document.toJS({ maxAliasCount: 100 }) ?? {}
  // The parser's own message quotes the line, which may hold a secret.
  const at = error.linePos?.[0]
  throw new ConfigError(file, `not valid YAML${at ? ` at line ${at.line}, column ${at.col}` : ''} (${error.code})`)
}

function schemaError(file: string, error: z.ZodError): ConfigError {
  const [first, ...others] = error.issues
  const path = (first?.path ?? []).reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  )
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return new ConfigError(path === '' ? file : `${file}: ${path}`, `${first?.message ?? 'not understood'}${more}`)
}

function subjectOf(setting: string, user: string | undefined, group: string | undefined): Grant['subject'] {
  if (user !== undefined && group === undefined) return { user }
  if (group !== undefined && user === undefined) return { group }
  throw new ConfigError(setting, 'expected either user or group, for example group: platform')
}

function assertUnique(setting: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new ConfigError(setting, `the name ${twice} is used twice`)
}
