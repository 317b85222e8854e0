import { basename, dirname } from 'node:path'
import { parseDocument } from 'yaml'
import type { z } from 'zod'
import type { UserConfig } from './config.ts'
import { ConfigError } from './config-error.ts'
import { configFileSchema } from './config-file-schema.ts'
import { type Environment, readTextFile } from './environment.ts'
import type { Grant } from './grant.ts'
import type { RegistryConfig } from './registry-config.ts'
import { registryFromFile } from './registry-entry.ts'

export interface ConfigFile {
  readonly registries?: readonly RegistryConfig[]
  readonly users?: readonly UserConfig[]
  readonly grants: readonly Grant[]
}

/**
 * Reads the YAML file that LADING_CONFIG names, and the secrets that it points at. Relative paths in it start at its folder.
 * @throws ConfigError that names the file and the path in it
 */
export function readConfigFile(path: string, env: Environment): ConfigFile {
  const file = basename(path)
  const parsed = configFileSchema.safeParse(parseYaml(file, readTextFile('LADING_CONFIG', path)))
  if (!parsed.success) throw schemaError(file, parsed.error)
  const { registries, users, grants } = parsed.data
  assertUnique(`${file}: registries`, registries?.map(({ name }) => name) ?? [])
  assertUnique(`${file}: users`, users?.map(({ username }) => username) ?? [])
  const context = { folder: dirname(path), env }
  return {
    ...(registries && {
      registries: registries.map((entry, index) => registryFromFile(`${file}: registries[${index}]`, entry, context)),
    }),
    ...(users && { users: users.map(({ role, ...user }) => ({ ...user, ...(role && { role }) })) }),
    grants: (grants ?? []).map(({ user, group, ...grant }, index) => ({
      ...grant,
      subject: subjectOf(`${file}: grants[${index}]`, user, group),
    })),
  }
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
  if (twice !== undefined) throw new ConfigError(setting, `the name ${twice} is given twice`)
}
