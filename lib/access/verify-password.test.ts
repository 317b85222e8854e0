import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config/config.ts'
import { SignInThrottle } from './sign-in-throttle.ts'
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
    const throttle = new SignInThrottle(() => performance.now() * 1e6)
    const time = async (username: string) => {
      const started = performance.now()
      await verifyPassword(slow, attempt('wrong', username), throttle)
      return performance.now() - started
    }
    await time('nobody')
    const [unknown, known] = [await time('nobody'), await time('anna')]
    expect(unknown).toBeGreaterThan(known / 4)
  })

  it('stops 50 guesses at once after the first few, and says when to come back', async () => {
    const throttle = new SignInThrottle()
    const checks = await Promise.all(
      Array.from({ length: 50 }, (_, n) => verifyPassword(config, attempt(`guess ${n}`), throttle)),
    )
    expect(checks.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(5)
    const refused = await verifyPassword(config, attempt('open sesame'), throttle)
    expect(refused).toMatchObject({ outcome: 'throttled' })
    if (refused.outcome === 'throttled') expect(explainRefusal(refused)).toMatch(/Try again in \d+ second/)
  })
})

describe('SignInThrottle', () => {
  it('doubles the wait of an account up to a minute and forgets it after success', () => {
    let now = 0
    const throttle = new SignInThrottle(() => now)
    const waits: number[] = []
    for (let n = 0; n < 14; n += 1) {
      expect(throttle.begin('anna', `10.0.0.${n}`)).toBe(0)
      const wait = throttle.begin('anna', 'other')
      waits.push(wait)
      now += wait
    }
    const longer = waits.filter((wait) => wait > 0)
    expect(longer.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    expect(Math.max(...longer)).toBe(60_000)
    throttle.begin('anna', '10.0.0.99')
    throttle.succeeded('anna', '10.0.0.99')
    expect(throttle.begin('anna', '10.0.0.98')).toBe(0)
    expect(throttle.begin('anna', '10.0.0.98')).toBe(0)
  })

  it('slows one address that guesses at many accounts, also when it knows the password of one', () => {
    const throttle = new SignInThrottle(() => 0)
    for (let n = 0; n < 40; n += 1) {
      throttle.begin(`user${n}`, '10.0.0.1')
      if (throttle.begin('mine', '10.0.0.1') === 0) throttle.succeeded('mine', '10.0.0.1')
    }
    expect(throttle.begin('victim', '10.0.0.1')).toBeGreaterThan(0)
    expect(throttle.begin('victim', '10.0.0.2')).toBe(0)
  })
})
