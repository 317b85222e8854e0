import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { type Config, loadConfig } from '../../config/config.ts'
import { beginSession, decodeSession, encodeSession, renewedSession, validSession } from './session-token.ts'
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
  it('survives its cookie, and only with the secret that made it', async () => {
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

  it('lives no longer because the clock was set back', async () => {
    const ended = signOuts()
    const token = await beginSession(config, 'anna', ended)
    const steady = performance.now()
    vi.spyOn(Date, 'now').mockReturnValue(0)
    vi.spyOn(performance, 'now').mockReturnValue(steady + 61 * MINUTE)
    expect(await validSession(config, token, ended)).toBeUndefined()
  })

  it('ends with its user’s sign-out, also after a restart, and not with another’s', async () => {
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
