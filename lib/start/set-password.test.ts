import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareSync } from 'bcryptjs'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lading-password-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function run(password: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const program = join(import.meta.dirname, 'set-password.ts')
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DATA_DIR: folder, ...env },
  })
  child.stdin.end(`${password}\n`)
  const output = [child.stdout, child.stderr].map(async (stream) => Buffer.concat(await stream.toArray()).toString())
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { exitCode, output: (await Promise.all(output)).join('') }
}
const users = () => JSON.parse(readFileSync(join(folder, 'users.json'), 'utf8')).users

it('sets admin’s password, keeps other users, and writes no password down', async () => {
  expect(await run('the first password')).toMatchObject({ exitCode: 0 })
  expect(await run('another password', ['bo'])).toMatchObject({ exitCode: 0 })
  const { exitCode, output } = await run('the second password')
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: 'The password of admin has been changed.\n' })
  expect(users().map(({ username, role }: { username: string; role: string }) => [username, role])).toEqual([
    ['bo', 'admin'],
    ['admin', 'admin'],
  ])
  expect(compareSync('the second password', users()[1].passwordHash)).toBe(true)
  expect(compareSync('another password', users()[0].passwordHash)).toBe(true)
  expect(readFileSync(join(folder, 'users.json'), 'utf8')).not.toContain('password"')
  expect(statSync(join(folder, 'users.json')).mode & 0o777).toBe(0o600)
})

it.each([
  ['a password that is too short', 'short', [], {}, 'at least 8 characters'],
  ['one that bcrypt would cut', 'x'.repeat(73), [], {}, 'at most 72 bytes'],
  ['a user name that no user can have', 'long enough', ['no name'], {}, 'expected a user name'],
])('refuses %s, and changes nothing', async (_, password, args, env, message) => {
  const before = readFileSync(join(folder, 'users.json'), 'utf8')
  expect(await run(password, args, env)).toMatchObject({ exitCode: 1, output: expect.stringContaining(message) })
  expect(readFileSync(join(folder, 'users.json'), 'utf8')).toBe(before)
})

it('says where the password is if users are configured in a file', async () => {
  const file = join(folder, 'lading.yaml')
  writeFileSync(file, `users: [{ username: anna, passwordHash: '$2b$10$${'a'.repeat(53)}' }]`)
  const { exitCode, output } = await run('long enough', ['anna'], { LADING_CONFIG: file })
  expect(exitCode).toBe(1)
  expect(output).toContain('htpasswd -nBC 10 anna')
})
