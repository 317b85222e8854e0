import { hkdfSync, randomBytes } from 'node:crypto'
import { ConfigError, shapeOf } from './config-error.ts'
import { type Environment, readSecretFile, secret } from './environment.ts'
import { writeOnce } from './write-once.ts'

const MINIMUM_LENGTH = 32

/** The secret that signs sessions, if the environment sets one. @throws ConfigError if it could be guessed */
export function readAuthSecret(env: Environment): string | undefined {
  const value = secret(env, 'AUTH_SECRET')
  if (value !== undefined) assertStrong('AUTH_SECRET', value)
  return value
}

/** The secret of this installation: the one that is set, else the one that its first start creates in the data directory. */
export async function authSecretOf(config: {
  readonly authSecret?: string
  readonly authSecretFile: string
}): Promise<string> {
  if (config.authSecret) return config.authSecret
  await writeOnce(config.authSecretFile, `${randomBytes(32).toString('base64url')}\n`)
  const value = readSecretFile('DATA_DIR', config.authSecretFile)
  assertStrong(config.authSecretFile, value)
  return value
}

function assertStrong(setting: string, value: string): void {
  const advice = 'make one with: openssl rand -base64 32'
  if (value.length < MINIMUM_LENGTH) {
    throw new ConfigError(setting, `expected at least ${MINIMUM_LENGTH} characters, found ${shapeOf(value)}; ${advice}`)
  }
  if (new Set(value).size < 10) {
    throw new ConfigError(setting, `a few repeated characters can be guessed; ${advice}`)
  }
}

/**
 * The key that encrypts what server actions close over, 32 bytes in base64. Derived, so that every replica and every
 * build with the same secret agree, and so that it says nothing about the secret.
 */
export function actionsKey(authSecret: string): string {
  return Buffer.from(hkdfSync('sha256', authSecret, '', 'lading server actions', 32)).toString('base64')
}
