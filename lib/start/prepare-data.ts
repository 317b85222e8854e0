import { mkdir, readdir } from 'node:fs/promises'
import { authSecretOf } from '../config/auth-secret.ts'
import type { Config } from '../config/config.ts'
import { ConfigError, fileProblem } from '../config/config-error.ts'
import { createFirstAdmin } from '../config/users-file.ts'

export interface PreparedData {
  /** Signs sessions. */
  readonly authSecret: string
  /** The password of `admin`, if this call created that user. Show it once: only its hash is kept. */
  readonly firstPassword?: string
}

/**
 * Creates what is missing at the first start, and leaves the rest: the data directory, the secret that signs sessions,
 * the first user, sample images.
 * @throws ConfigError if the data directory can't be used
 */
export async function prepareData(config: Config): Promise<PreparedData> {
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
    const authSecret = await authSecretOf(config)
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
      `can’t write to ${config.dataDir}: ${fileProblem(error)}. Use a folder that Lading can write to, for example DATA_DIR=/var/lib/lading`,
      { cause: error },
    )
  }
}

async function fillWithSamples(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  if ((await readdir(path)).length > 0) return
  const { writeSamples } = await import('../registry/layout/samples/samples.ts')
  await writeSamples(path)
}
