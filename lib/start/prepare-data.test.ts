import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareSync } from 'bcryptjs'
import { afterAll, describe, expect, it } from 'vitest'
import { actionsKey } from '../config/auth-secret.ts'
import { loadConfig } from '../config/config.ts'
import { announcement } from './announcement.ts'
import { isCurrentBuild, sourceStamp, writeStamp } from './build-stamp.ts'
import { handOverPassword } from './first-password.ts'
import { prepareData } from './prepare-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-prepare-'))
afterAll(() => rmSync(folder, { recursive: true }))
const registry = { REGISTRY_URL: 'http://localhost:5000' }
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('prepareData', () => {
  it('creates one admin password, keeps only its hash, and changes nothing the next time', async () => {
    const env = { ...registry, DATA_DIR: join(folder, 'first') }
    const first = await prepareData(loadConfig(env))
    expect(first.firstPassword).toMatch(/^[2-9a-km-np-zA-HJ-NP-Z]{24}$/)
    expect(Buffer.from(first.authSecret, 'base64url')).toHaveLength(32)
    const { users } = loadConfig(env)
    expect(users).toMatchObject([{ username: 'admin', role: 'admin' }])
    expect(compareSync(first.firstPassword ?? '', users[0]?.passwordHash ?? '')).toBe(true)
    const files = readdirSync(env.DATA_DIR)
    expect(files.sort()).toEqual(['auth-secret', 'users.json'])
    for (const name of files) {
      expect(readFileSync(join(env.DATA_DIR, name), 'utf8')).not.toContain(first.firstPassword)
      expect(mode(join(env.DATA_DIR, name))).toBe('600')
    }
    expect(mode(env.DATA_DIR)).toBe('700')
    expect(await prepareData(loadConfig(env))).toEqual({ authSecret: first.authSecret })
  })

  it('hands the first password to a terminal, and otherwise only to a file that its owner can read', async () => {
    const config = loadConfig({ ...registry, DATA_DIR: join(folder, 'handed') })
    const { firstPassword = '' } = await prepareData(config)
    const shown = await handOverPassword(config, firstPassword, true)
    expect(announcement(config, shown).join('\n')).toContain(firstPassword)
    expect(readdirSync(config.dataDir)).not.toContain('admin-password')
    const kept = await handOverPassword(config, firstPassword, false)
    const path = join(config.dataDir, 'admin-password')
    expect(announcement(config, kept).join('\n')).not.toContain(firstPassword)
    expect(announcement(config, kept).join('\n')).toContain(path)
    expect(readFileSync(path, 'utf8')).toBe(`${firstPassword}\n`)
    expect(mode(path)).toBe('600')
  })

  it('creates one password and one secret when several processes start at once', async () => {
    const config = loadConfig({ ...registry, DATA_DIR: join(folder, 'race') })
    const both = await Promise.all([prepareData(config), prepareData(config), prepareData(config)])
    expect(new Set(both.map(({ authSecret }) => authSecret)).size).toBe(1)
    expect(both.filter(({ firstPassword }) => firstPassword !== undefined)).toHaveLength(1)
  })

  it('creates no admin if users are configured, and uses the configured secret', async () => {
    const path = join(folder, 'users.yaml')
    writeFileSync(path, `users: [{ username: anna, passwordHash: '$2b$10$${'a'.repeat(53)}' }]`)
    const authSecret = 'a long secret of more than 32 characters'
    const config = loadConfig({
      ...registry,
      DATA_DIR: join(folder, 'configured'),
      LADING_CONFIG: path,
      AUTH_SECRET: authSecret,
    })
    expect(await prepareData(config)).toEqual({ authSecret })
    expect(readdirSync(config.dataDir)).toEqual([])
  })

  it('says what is wrong with an unusable data directory', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(prepareData(loadConfig({ ...registry, DATA_DIR: join(folder, 'file', 'data') }))).rejects.toThrow(
      /^DATA_DIR: can’t write to .*not a folder/,
    )
  })

  it('refuses to start with an unreadable users file instead of creating new users', () => {
    const dataDir = join(folder, 'first')
    writeFileSync(join(dataDir, 'users.json'), '{"users": [')
    expect(() => loadConfig({ ...registry, DATA_DIR: dataDir })).toThrow('users.json is damaged')
  })
})

describe('actionsKey', () => {
  it('is a stable AES key that differs with the secret', () => {
    expect(Buffer.from(actionsKey('one'), 'base64')).toHaveLength(32)
    expect(actionsKey('one')).toBe(actionsKey('one'))
    expect(actionsKey('one')).not.toBe(actionsKey('two'))
  })
})

describe('isCurrentBuild', () => {
  it('is true until a source, a dependency or the base path changes; tests don’t count', async () => {
    const root = mkdtempSync(join(folder, 'root-'))
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(root, 'lib'))
    mkdirSync(join(root, '.next'))
    writeFileSync(join(root, 'lib', 'a.ts'), 'one')
    const stamp = sourceStamp(root, {})
    expect(isCurrentBuild(root, stamp)).toBe(false)
    writeStamp(root, stamp)
    expect(isCurrentBuild(root, stamp)).toBe(false)
    writeFileSync(join(root, '.next', 'BUILD_ID'), 'x')
    expect(isCurrentBuild(root, sourceStamp(root, {}))).toBe(true)
    writeFileSync(join(root, 'lib', 'a.test.ts'), 'test')
    expect(isCurrentBuild(root, sourceStamp(root, {}))).toBe(true)
    expect(isCurrentBuild(root, sourceStamp(root, { BASE_PATH: '/x' }))).toBe(false)
    writeFileSync(join(root, 'lib', 'a.ts'), 'two')
    expect(isCurrentBuild(root, sourceStamp(root, {}))).toBe(false)
    writeFileSync(join(root, 'lib', 'a.ts'), 'one')
    writeFileSync(join(root, 'package-lock.json'), '{}')
    expect(isCurrentBuild(root, sourceStamp(root, {}))).toBe(false)
  })
})
