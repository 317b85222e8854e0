import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../config/config.ts'
import { deviceOf, issueDevice } from './device-cookie.ts'
import { memoryFailures } from './failure-store.ts'
import { SignInThrottle, type Throttled } from './sign-in-throttle.ts'
import { explainRefusal, verifyPassword } from './verify-password.ts'

const passwordHash = hashSync('open sesame', 8).replace(/^\$2b/, '$2y')
const config = {
  ...loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), 'lading-')) }),
  users: [{ username: 'anna', passwordHash, groups: [] }],
}
const attempt = (password: string, username = 'anna', address = '10.0.0.1') => ({ username, password, address })

describe('verifyPassword', () => {
  it('accepts the right password against a hash that htpasswd wrote, and no other', async () => {
    const throttle = new SignInThrottle()
    expect(await verifyPassword(config, attempt('open sesame'), throttle)).toMatchObject({ outcome: 'right' })
    expect(await verifyPassword(config, attempt('Open sesame'), throttle)).toEqual({ outcome: 'wrong' })
    expect(await verifyPassword(config, attempt(''), throttle)).toEqual({ outcome: 'wrong' })
    expect(await verifyPassword(config, attempt('open sesame', 'Anna'), throttle)).toEqual({ outcome: 'wrong' })
    expect(await verifyPassword(config, attempt('x', '__proto__'), throttle)).toEqual({ outcome: 'wrong' })
  })

  it('takes as long for unknown names as for known ones', async () => {
    const slow = { ...config, users: [{ username: 'anna', passwordHash: hashSync('x', 10), groups: [] }] }
    let now = 0
    const throttle = new SignInThrottle(memoryFailures(), () => (now += 1e9))
    const time = async (username: string) => {
      const started = performance.now()
      await verifyPassword(slow, attempt('wrong', username), throttle)
      return performance.now() - started
    }
    await time('nobody')
    const [unknown, known] = [await time('nobody'), await time('anna')]
    expect(unknown).toBeGreaterThan(known / 4)
  })

  it('stops 50 simultaneous guesses after the first few, and says when to come back', async () => {
    const throttle = new SignInThrottle(memoryFailures(), () => 0)
    const checks = await Promise.all(
      Array.from({ length: 50 }, (_, n) => verifyPassword(config, attempt(`guess ${n}`), throttle)),
    )
    expect(checks.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(5)
    const refused = await verifyPassword(config, attempt('open sesame'), throttle)
    expect(refused).toMatchObject({ outcome: 'throttled' })
    if (refused.outcome === 'throttled') expect(explainRefusal(refused)).toMatch(/Try again in \d+ second/)
  })

  it('lets the owner in while 12 addresses guess at the account', async () => {
    const throttle = new SignInThrottle(memoryFailures(), () => 0)
    const source = (n: number) => ({ account: 'anna', address: `10.0.0.${n}` })
    for (let n = 0; n < 60; n += 1) await throttle.begin(source(n % 12))
    const device = 'seen before'
    expect(
      await verifyPassword(config, { ...attempt('open sesame', 'anna', '10.9.9.9'), device }, throttle),
    ).toMatchObject({ outcome: 'right' })
    expect(await throttle.begin({ account: 'anna', address: '10.9.9.8' })).toEqual({ delay: 8000 })
  })
})

describe('SignInThrottle', () => {
  const refusal = (throttled: Throttled) => ('refusedFor' in throttled ? throttled.refusedFor : 0)

  it('delays one address guessing at one account longer and longer, until it succeeds', async () => {
    let now = 0
    const throttle = new SignInThrottle(memoryFailures(), () => now)
    const source = { account: 'anna', address: '10.0.0.1' }
    const waits: number[] = []
    for (let n = 0; n < 8; n += 1) {
      expect(refusal(await throttle.begin(source))).toBe(0)
      const wait = refusal(await throttle.begin(source))
      waits.push(wait)
      now += wait
    }
    expect(waits.filter((wait) => wait > 0)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000])
    await throttle.begin(source)
    await throttle.succeeded(source)
    expect(refusal(await throttle.begin(source))).toBe(0)
    expect(refusal(await throttle.begin(source))).toBe(0)
  })

  it('delays attempts on an account under attack from many addresses, and refuses none', async () => {
    const throttle = new SignInThrottle(memoryFailures(), () => 0)
    const attempts = []
    for (let n = 0; n < 40; n += 1) attempts.push(await throttle.begin({ account: 'anna', address: `10.0.${n}.1` }))
    expect(attempts.map(refusal).filter((wait) => wait > 0)).toEqual([])
    const delays = attempts.map((each) => ('delay' in each ? each.delay : -1))
    expect(delays.slice(0, 15)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2000, 4000, 8000, 8000, 8000])
  })

  it('counts a /64 of IPv6 as one address', async () => {
    const throttle = new SignInThrottle(memoryFailures(), () => 0)
    for (let n = 0; n < 5; n += 1) await throttle.begin({ account: 'anna', address: `2001:db8:1:2::${n}` })
    expect(refusal(await throttle.begin({ account: 'anna', address: '2001:db8:1:2:ffff::1' }))).toBeGreaterThan(0)
    expect(refusal(await throttle.begin({ account: 'anna', address: '2001:db8:1:3::1' }))).toBe(0)
  })

  it('limits guesses from a browser that has signed in before, too', async () => {
    const throttle = new SignInThrottle(memoryFailures(), () => 0)
    const source = { account: 'anna', address: '10.0.0.1', device: 'one' }
    for (let n = 0; n < 5; n += 1) expect(await throttle.begin(source)).toEqual({ delay: 0 })
    expect(refusal(await throttle.begin(source))).toBeGreaterThan(0)
  })

  it('slows one address guessing at many accounts, even if it knows the password of one', async () => {
    const throttle = new SignInThrottle(memoryFailures(), () => 0)
    const mine = { account: 'mine', address: '10.0.0.1' }
    for (let n = 0; n < 40; n += 1) {
      await throttle.begin({ account: `user${n}`, address: '10.0.0.1' })
      if (refusal(await throttle.begin(mine)) === 0) await throttle.succeeded(mine)
    }
    expect(refusal(await throttle.begin({ account: 'victim', address: '10.0.0.1' }))).toBeGreaterThan(0)
    expect(refusal(await throttle.begin({ account: 'victim', address: '10.0.0.2' }))).toBe(0)
  })
})

describe('deviceOf', () => {
  it('recognises a browser only by a cookie issued here for the same user', () => {
    const cookie = issueDevice('anna', 'secret')
    expect(deviceOf(cookie, 'anna', 'secret')).toMatch(/^[\w-]{16}$/)
    expect(deviceOf(cookie, 'bo', 'secret')).toBeUndefined()
    expect(deviceOf(cookie, 'anna', 'other secret')).toBeUndefined()
    expect(deviceOf(`${cookie}x`, 'anna', 'secret')).toBeUndefined()
    expect(deviceOf(cookie.replace('.', '.A'), 'anna', 'secret')).toBeUndefined()
    for (const none of [undefined, '', '.', '..', 'a.b.c.d']) expect(deviceOf(none, 'anna', 'secret')).toBeUndefined()
  })
})
