import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { assertStrong } from '../config/auth-secret.ts'
import type { Config } from '../config/config.ts'
import { ConfigError, fileProblem } from '../config/config-error.ts'
import { readSecretFile } from '../config/environment.ts'
import { createFirstAdmin } from '../config/users-file.ts'
import { writeOnce } from '../config/write-once.ts'

export interface PreparedData {
  /** Signs sessions. */
  readonly authSecret: string
  /** Of the user `admin`, when this call made it. To be shown once: only its hash is kept. */
  readonly firstPassword?: string
}

/**
 * Makes what a first start lacks, and leaves what is there: the data directory, the secret that signs sessions, the
 * first user, sample images.
 * @throws ConfigError when the data directory cannot be used
 */
export async function prepareData(config: Config): Promise<PreparedData> {
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
    const authSecret = config.authSecret ?? (await storedSecret(config.authSecretFile))
    const needsAdmin = config.usersFrom === 'data-directory' && config.users.length === 0
    const firstPassword = needsAdmin ? await createFirstAdmin(config.dataDir) : undefined
    for (const registry of config.registries) {
      if (registry.kind === 'layout' && registry.samples) await fillWithSamples(registry.path)
    }
    return { authSecret, ...(firstPassword && { firstPassword }) }
  } catch (error) {
    if (error instanceof ConfigError || !(error instanceof Error && 'code' in error)) throw error
    throw new ConfigError(
      'DATA_DIR',
      `cannot write in ${config.dataDir}: ${fileProblem(error)}. Name a folder that Lading may write to, for example DATA_DIR=/var/lib/lading`,
      { cause: error },
    )
  }
}

async function storedSecret(path: string): Promise<string> {
  await writeOnce(path, `${randomBytes(32).toString('base64url')}\n`)
  const value = readSecretFile('DATA_DIR', path)
  assertStrong(path, value)
  return value
}

async function fillWithSamples(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  if ((await readdir(path)).length > 0) return
  const { writeSamples } = await import('../registry/layout/samples/samples.ts')
  await writeSamples(path)
}
