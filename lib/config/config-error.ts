/** A setting that Lading cannot start with. The message names the setting, what it must look like and an example. */
export class ConfigError extends Error {
  /** The environment variable, or the file and the path in it: `lading.yaml: registries[0].url`. */
  readonly setting: string

  constructor(setting: string, problem: string, options?: ErrorOptions) {
    super(`${setting}: ${problem}`, options)
    this.name = 'ConfigError'
    this.setting = setting
  }
}

/** What was found, quoted and shortened. Not for secrets: see `shapeOf`. */
export function quoted(found: string): string {
  return JSON.stringify(found.length > 60 ? `${found.slice(0, 60)}…` : found)
}

/** Describes a secret without revealing it. */
export function shapeOf(secret: string): string {
  return secret === '' ? 'an empty value' : `${secret.length} character${secret.length === 1 ? '' : 's'}`
}

/** Why a file operation failed, in words. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'the file doesn’t exist'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EISDIR') return 'it is a folder, not a file'
  if (code === 'ENOTDIR') return 'part of its path is a file, not a folder'
  if (code === 'EROFS') return 'the file system is read-only'
  if (code === 'ENOSPC') return 'the disk is full'
  return typeof code === 'string' ? code : 'it can’t be used'
}
