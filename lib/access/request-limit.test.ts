import { expect, test } from 'vitest'
import type { Actor } from './actor.ts'
import { RequestLimit } from './request-limit.ts'

const rights = { role: 'viewer', grants: [], readOnly: false } as const
const anonymous: Actor = { kind: 'anonymous', ...rights }
const bo: Actor = { kind: 'user', username: 'bo', groups: [], ...rights }

const RATE = { burst: 200, perSecond: 20 }

function flood(limit: RequestLimit, actor: Actor, address: string): number {
  let taken = 0
  try {
    for (; taken < 10_000; taken++) limit.take(actor, address)
  } catch {}
  return taken
}

test('refuses a flooding client with a reason, lets it back within a second, and holds up nobody else', () => {
  let now = 0
  const limit = new RequestLimit(RATE, () => now)
  const burst = flood(limit, anonymous, '192.0.2.1')
  expect(burst).toBeGreaterThan(100)
  expect(burst).toBeLessThan(1000)
  expect(() => limit.take(anonymous, '192.0.2.1')).toThrow(expect.objectContaining({ code: 'too-many' }))
  expect(flood(limit, anonymous, '192.0.2.2')).toBe(burst)
  expect(flood(limit, bo, '192.0.2.1')).toBe(burst)
  now += 1000
  expect(flood(limit, anonymous, '192.0.2.1')).toBeGreaterThan(10)
})

test('counts a user who changes addresses, and a stranger’s IPv6 network, as one', () => {
  const limit = new RequestLimit(RATE, () => 0)
  flood(limit, bo, '192.0.2.1')
  expect(flood(limit, bo, '192.0.2.9')).toBe(0)
  flood(limit, anonymous, '2001:db8::1')
  expect(flood(limit, anonymous, '2001:db8::ffff')).toBe(0)
})

test('uses bounded memory for many addresses', () => {
  const limit = new RequestLimit(RATE, () => 0)
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 200_000; i++) limit.take(anonymous, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * 1024 * 1024)
})
