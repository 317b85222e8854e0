import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RegistryError } from '../../errors.ts'
import { Breaker } from './breaker.ts'

const nobody = new RegistryError(
  'unreachable',
  'r cannot be reached',
  { host: 'r' },
  { cause: { code: 'ECONNREFUSED' } },
)
const broke = new RegistryError('unreachable', 'r broke off', { host: 'r' }, { cause: { code: 'ECONNRESET' } })
const busy = new RegistryError('unavailable', 'r answered 503', { host: 'r', status: 503 })

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function fail(breaker: Breaker, times: number, error: unknown = nobody): void {
  for (let i = 0; i < times; i++) breaker.failed(error)
}

/** Milliseconds until the registry is asked again; 0 when it may be asked now. */
function brokenFor(breaker: Breaker): number {
  try {
    breaker.check()
    return 0
  } catch (error) {
    expect(error).toMatchObject({ kind: 'unreachable', host: 'r', message: nobody.message, cause: nobody })
    return error instanceof RegistryError ? (error.retryAfter ?? -1) : -1
  }
}

describe('a registry that doesn’t respond', () => {
  it('is tried again two seconds after the fifth failure in a row', () => {
    const breaker = new Breaker()
    fail(breaker, 4)
    expect(brokenFor(breaker)).toBe(0)
    fail(breaker, 1)
    expect(brokenFor(breaker)).toBe(2_000)
    vi.advanceTimersByTime(1_999)
    expect(brokenFor(breaker)).toBe(1)
    vi.advanceTimersByTime(1)
    expect(brokenFor(breaker)).toBe(0)
  })

  it('is left alone for longer each time, for half a minute at most', () => {
    const breaker = new Breaker()
    fail(breaker, 5)
    const breaks = [2, 3, 4, 5, 6].map(() => {
      const milliseconds = brokenFor(breaker)
      vi.advanceTimersByTime(milliseconds)
      fail(breaker, 1)
      return milliseconds
    })
    expect(breaks).toEqual([2_000, 4_000, 8_000, 16_000, 30_000])
  })

  it('is back with its first response, even to an earlier request', () => {
    const breaker = new Breaker()
    fail(breaker, 5)
    breaker.succeeded()
    expect(brokenFor(breaker)).toBe(0)
    fail(breaker, 4)
    expect(brokenFor(breaker)).toBe(0)
  })

  it('isn’t one that answers with an error, breaks off or is left by the caller', () => {
    const breaker = new Breaker()
    fail(breaker, 20, busy)
    fail(breaker, 20, broke)
    fail(breaker, 20, new Error('left'))
    expect(brokenFor(breaker)).toBe(0)
  })
})

it('doesn’t affect other registries', () => {
  const [breaker, other] = [new Breaker(), new Breaker()]
  fail(breaker, 5)
  expect(brokenFor(other)).toBe(0)
})
