import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { type Config, loadConfig } from '../../config/config.ts'
import {
  beginAccountSession,
  beginSession,
  decodeSession,
  encodeSession,
  renewedSession,
  validSession,
} from './session-token.ts'
import { openSignOuts } from './sign-outs.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-session-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const MINUTE = 60_000
const config: Config = {
  ...loadConfig({ DATA_DIR: folder }),
  users: [
    { username: 'anna', passwordHash: 'one', groups: [] },
    { username: 'bo', passwordHash: 'two', groups: [] },
  ],
}
let files = 0
const signOuts = () => openSignOuts(join(folder, `sign-outs-${files++}.json`))

/** Lets time pass for `steadyNow`. */
function clock(): { pass(ms: number): void } {
  let passed = 0
  const [wall, steady] = [Date.now(), performance.now()]
  vi.spyOn(Date, 'now').mockImplementation(() => wall + passed)
  vi.spyOn(performance, 'now').mockImplementation(() => steady + passed)
  return {
    pass(ms) {
      passed += ms
    },
  }
}

describe('a session', () => {
  it('survives as a cookie only with the secret that signed it', async () => {
    const ended = signOuts()
    const token = await beginSession(config, 'anna', ended)
    const cookie = await encodeSession(token, 'secret', config)
    expect(await validSession(config, await decodeSession(cookie, 'secret'), ended)).toMatchObject({ name: 'anna' })
    expect(await validSession(config, await decodeSession(cookie, 'other'), ended)).toBeUndefined()
    expect(await validSession(config, await decodeSession(`${cookie}x`, 'secret'), ended)).toBeUndefined()
    expect(await validSession(config, { name: 'anna' }, ended)).toBeUndefined()
  })

  it('ends after an hour without use', async () => {
    const ended = signOuts()
    const time = clock()
    const token = await beginSession(config, 'anna', ended)
    time.pass(59 * MINUTE)
    expect(await validSession(config, token, ended)).toBeDefined()
    time.pass(2 * MINUTE)
    expect(await validSession(config, token, ended)).toBeUndefined()
  })

  it('ends twelve hours after signing in, however often it was renewed', async () => {
    const ended = signOuts()
    const time = clock()
    let token = await beginSession(config, 'anna', ended)
    for (let minutes = 0; minutes < 12 * 60 - 1; minutes += 30) {
      expect(await validSession(config, token, ended)).toBeDefined()
      token = renewedSession(token) ?? token
      time.pass(30 * MINUTE)
    }
    time.pass(MINUTE)
    expect(await validSession(config, renewedSession(token) ?? token, ended)).toBeUndefined()
  })

  it('isn’t extended by setting the clock back', async () => {
    const ended = signOuts()
    const token = await beginSession(config, 'anna', ended)
    const steady = performance.now()
    vi.spyOn(Date, 'now').mockReturnValue(0)
    vi.spyOn(performance, 'now').mockReturnValue(steady + 61 * MINUTE)
    expect(await validSession(config, token, ended)).toBeUndefined()
  })

  it('ends when its user signs out, also after a restart, and not when another does', async () => {
    const path = join(folder, 'shared.json')
    const ended = openSignOuts(path)
    const [anna, bo] = [await beginSession(config, 'anna', ended), await beginSession(config, 'bo', ended)]
    await ended.record('anna')
    for (const store of [ended, openSignOuts(path)]) {
      expect(await validSession(config, anna, store)).toBeUndefined()
      expect(await validSession(config, bo, store)).toBeDefined()
    }
    expect(await validSession(config, await beginSession(config, 'anna', ended), ended)).toBeDefined()
  })

  it('ends when the password changes or the user is removed', async () => {
    const ended = signOuts()
    const token = await beginSession(config, 'anna', ended)
    const changed = { ...config, users: [{ username: 'anna', passwordHash: 'new', groups: [] }] }
    expect(await validSession(changed, token, ended)).toBeUndefined()
    expect(await validSession({ ...config, users: [] }, token, ended)).toBeUndefined()
  })
})

describe('a session of somebody with their own account of a registry', () => {
  const hub = { name: 'hub', kind: 'http', url: 'https://registry.example.com', signIn: true } as const
  const withHub: Config = { ...config, registries: [hub] }
  const credentials = { username: 'anna', password: 'canary password' }

  it('counts as long as the registry and its address are configured for it', async () => {
    const ended = signOuts()
    const token = await beginAccountSession(withHub, 'hub', credentials, 'secret', ended)
    expect(token.name).toBe('anna@registry:hub')
    const cookie = await encodeSession(token, 'secret', withHub)
    const sent = await decodeSession(cookie, 'secret')
    expect(await validSession(withHub, sent, ended)).toMatchObject({ account: { registry: 'hub' } })
    const { signIn: _, ...without } = hub
    for (const registries of [
      [],
      [without],
      [{ ...hub, url: 'https://other.example.com' }],
      [{ ...hub, name: 'other' }],
    ])
      expect(await validSession({ ...withHub, registries }, sent, ended)).toBeUndefined()
  })

  it('is nobody’s but that account’s: not of a user with its name, and not of another registry', async () => {
    const ended = signOuts()
    const token = await beginAccountSession(withHub, 'hub', credentials, 'secret', ended)
    const { account, ...plain } = token
    const two = { ...withHub, registries: [hub, { ...hub, name: 'two' }] }
    for (const forged of [
      plain,
      { ...token, name: 'anna' },
      { ...token, name: 'bo@registry:two', account },
      { ...token, account: { ...account, registry: 'two' } },
      { ...token, account: 'hub' },
    ])
      expect(await validSession(two, forged, ended)).toBeUndefined()
  })

  it('ends with a sign-out, and its cookie shows no password', async () => {
    const ended = signOuts()
    const token = await beginAccountSession(withHub, 'hub', credentials, 'secret', ended)
    const cookie = await encodeSession(token, 'secret', withHub)
    for (const text of [cookie, JSON.stringify(token), Buffer.from(cookie, 'base64url').toString('latin1')])
      expect(text).not.toContain('canary')
    await ended.record(token.name)
    expect(await validSession(withHub, token, ended)).toBeUndefined()
    const again = await beginAccountSession(withHub, 'hub', credentials, 'secret', ended)
    expect(await validSession(withHub, again, ended)).toBeDefined()
  })
})
