import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { hash } from 'bcryptjs'
import { loadConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import type { UserConfig } from '../config/user-config.ts'
import { usersFilePath } from '../config/users-file.ts'
import { firstPasswordPath } from './first-password.ts'

const LEAST_LENGTH = 8

/**
 * `npm run set-password [user]`: sets the password of a user in DATA_DIR, `admin` by default. A user that doesn't exist
 * is created as an admin. A running server follows within seconds, and the user's sessions end.
 */
async function setPassword(username: string): Promise<string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(username))
    throw new ConfigError('set-password', 'expected a user name of letters, digits and . _ @ -, for example admin')
  const config = loadConfig()
  if (config.usersFrom === 'config-file')
    throw new ConfigError(
      'LADING_CONFIG',
      `users are in that file. Put the output of "htpasswd -nBC 10 ${username}" there as passwordHash`,
    )
  const password = await readPassword(`New password of ${username}: `)
  if (password.length < LEAST_LENGTH)
    throw new ConfigError('set-password', `expected at least ${LEAST_LENGTH} characters; nothing was changed`)
  // bcrypt reads no further than 72 bytes.
  if (Buffer.byteLength(password) > 72)
    throw new ConfigError('set-password', 'expected at most 72 bytes; nothing was changed')
  const passwordHash = await hash(password, 10)
  const known = config.users.find((user) => user.username === username)
  const user: UserConfig = known ? { ...known, passwordHash } : { username, passwordHash, groups: [], role: 'admin' }
  const others = config.users.filter((other) => other.username !== username)
  await writeUsers(config.dataDir, [...others, user])
  if (username === 'admin') await rm(firstPasswordPath(config.dataDir), { force: true })
  return known
    ? `The password of ${username} has been changed.`
    : `${username} is a new admin. Users of this folder: ${[...others, user].map((each) => each.username).join(', ')}.`
}

/** From the terminal, without showing it, or the first line of what is piped in. */
async function readPassword(prompt: string): Promise<string> {
  const isTerminal = stdin.isTTY === true
  if (isTerminal) stdout.write(prompt)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: silent, terminal: isTerminal })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (isTerminal) stdout.write('\n')
  }
}

async function writeUsers(dataDir: string, users: readonly UserConfig[]): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const path = usersFilePath(dataDir)
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify({ users }, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

try {
  console.log(await setPassword(process.argv[2] ?? 'admin'))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
