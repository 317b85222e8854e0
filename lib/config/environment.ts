import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, fileProblem, quoted } from './config-error.ts'

// turbopackIgnore, here and in other files: paths from the settings are not part of the build.

export type Environment = Readonly<Record<string, string | undefined>>

/** The variable without surrounding spaces; an empty one counts as unset, as in compose files. */
export function text(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined
}

export function flag(env: Environment, name: string): boolean | undefined {
  const value = text(env, name)
  if (value === undefined) return undefined
  if (/^(?:1|true|yes|on)$/i.test(value)) return true
  if (/^(?:0|false|no|off)$/i.test(value)) return false
  throw new ConfigError(name, `expected 1 or 0, for example ${name}=1; found ${quoted(value)}`)
}

export function port(env: Environment, name: string): number | undefined {
  const value = text(env, name)
  if (value === undefined) return undefined
  if (/^[0-9]{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  throw new ConfigError(name, `expected a port from 0 to 65535, for example ${name}=3000; found ${quoted(value)}`)
}

export function wholeNumber(env: Environment, name: string, least: number, most: number): number | undefined {
  const value = text(env, name)
  if (value === undefined) return undefined
  if (/^[0-9]{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value)
  throw new ConfigError(name, `expected a whole number from ${least} to ${most}; found ${quoted(value)}`)
}

export function oneOf<const T extends string>(env: Environment, name: string, values: readonly T[]): T | undefined {
  const value = text(env, name)
  if (value === undefined) return undefined
  const found = values.find((candidate) => candidate === value.toLowerCase())
  if (found) return found
  throw new ConfigError(name, `expected one of ${values.join(', ')}; found ${quoted(value)}`)
}

/**
 * A secret from `NAME`, from the file that `NAME_FILE` names, or from `/run/secrets/name`, where container engines
 * mount secrets. Spaces are kept; the newline at the end of a file is not.
 */
export function secret(env: Environment, name: string, secretsDir = '/run/secrets'): string | undefined {
  const direct = env[name] || undefined
  const file = text(env, `${name}_FILE`)
  if (direct !== undefined && file !== undefined) {
    throw new ConfigError(name, `set twice, as ${name} and as ${name}_FILE. Keep only one`)
  }
  if (direct !== undefined) return direct
  if (file !== undefined) return readSecretFile(`${name}_FILE`, file)
  try {
    return (
      withoutLastNewline(
        readFileSync(/*turbopackIgnore: true*/ join(/*turbopackIgnore: true*/ secretsDir, name.toLowerCase()), 'utf8'),
      ) || undefined
    )
  } catch {
    return undefined
  }
}

/** @throws ConfigError, also for an empty file: an empty password is a mistake, not a choice */
export function readSecretFile(setting: string, path: string): string {
  const content = withoutLastNewline(readTextFile(setting, path))
  if (content !== '') return content
  throw new ConfigError(setting, `the file ${path} is empty; expected the secret alone in it`)
}

export function readTextFile(setting: string, path: string, limit = 1024 * 1024): string {
  let content: Buffer
  try {
    content = readFileSync(/*turbopackIgnore: true*/ path)
  } catch (error) {
    throw new ConfigError(setting, `cannot read ${path}: ${fileProblem(error)}`, { cause: error })
  }
  if (content.length <= limit) return content.toString('utf8')
  throw new ConfigError(setting, `${path} is larger than ${limit / 1024} KiB, so it is probably not the file you meant`)
}

function withoutLastNewline(content: string): string {
  return content.replace(/\r?\n$/, '')
}
