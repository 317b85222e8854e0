import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from 'bcryptjs'
import { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { userSchema } from './config-file-schema.ts'
import { readTextFile } from './environment.ts'
import type { UserConfig } from './user-config.ts'
import { writeOnce } from './write-once.ts'

/** Without characters that are easily confused: 0 O, 1 l I. */
const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ'
const PASSWORD_LENGTH = 24

const fileSchema = z.strictObject({ users: z.array(userSchema).min(1) })

export function usersFilePath(dataDir: string): string {
  return join(dataDir, 'users.json')
}

/** The users that the first start created; an empty list before it. @throws ConfigError */
export function readUsersFile(dataDir: string): readonly UserConfig[] {
  const path = usersFilePath(dataDir)
  if (!existsSync(path)) return []
  const parsed = fileSchema.safeParse(parseJson(readTextFile('DATA_DIR', path)))
  if (!parsed.success) {
    throw new ConfigError(
      'DATA_DIR',
      `${path} is damaged. Restore it, or delete it: the next start then creates a new admin password`,
    )
  }
  return parsed.data.users.map(({ role, ...user }) => ({ ...user, ...(role && { role }) }))
}

/** Creates the user `admin`. @returns the password, which is stored nowhere; `undefined` if users exist already */
export async function createFirstAdmin(dataDir: string): Promise<string | undefined> {
  const password = Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  const admin = { username: 'admin', passwordHash: await hash(password, 10), role: 'admin' }
  const made = await writeOnce(usersFilePath(dataDir), `${JSON.stringify({ users: [admin] }, null, 2)}\n`)
  return made ? password : undefined
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}
