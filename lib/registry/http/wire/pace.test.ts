import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RegistryError } from '../../errors.ts'
import { Pace } from './pace.ts'

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

function fail(pace: Pace, times: number, error: unknown = nobody): void {
  for (let i = 0; i < times; i++) pace.failed(error)
}

/** Milliseconds until the registry is asked again; 0 when it may be asked now. */
function brokenFor(pace: Pace): number {
  try {
    pace.check()
    return 0
  } catch (error) {
    expect(error).toMatchObject({ kind: 'unreachable', host: 'r', message: nobody.message, cause: nobody })
    return error instanceof RegistryError ? (error.retryAfter ?? -1) : -1
  }
}

describe('a registry where nobody is', () => {
  it('is asked again two seconds after the fifth failure in a row', () => {
    const pace = new Pace()
    fail(pace, 4)
    expect(brokenFor(pace)).toBe(0)
    fail(pace, 1)
    expect(brokenFor(pace)).toBe(2_000)
    vi.advanceTimersByTime(1_999)
    expect(brokenFor(pace)).toBe(1)
    vi.advanceTimersByTime(1)
    expect(brokenFor(pace)).toBe(0)
  })

  it('is left alone for longer each time, and for half a minute at most', () => {
    const pace = new Pace()
    fail(pace, 5)
    const breaks = [2, 3, 4, 5, 6].map(() => {
      const milliseconds = brokenFor(pace)
      vi.advanceTimersByTime(milliseconds)
      fail(pace, 1)
      return milliseconds
    })
    expect(breaks).toEqual([2_000, 4_000, 8_000, 16_000, 30_000])
  })

  it('is back with its first answer, also to a question from before', () => {
    const pace = new Pace()
    fail(pace, 5)
    pace.succeeded()
    expect(brokenFor(pace)).toBe(0)
    fail(pace, 4)
    expect(brokenFor(pace)).toBe(0)
  })

  it('is not one that answers with an error, breaks off or is left by the caller', () => {
    const pace = new Pace()
    fail(pace, 20, busy)
    fail(pace, 20, broke)
    fail(pace, 20, new Error('left'))
    expect(brokenFor(pace)).toBe(0)
  })
})

describe('a wait that a registry asks for', () => {
  it('holds for everybody, until the last of them is over', async () => {
    const pace = new Pace()
    expect(pace.wait(undefined)).toBeUndefined()
    pace.pause(5_000)
    pace.pause(1_000)
    const done = vi.fn()
    void pace.wait(undefined)?.then(done)
    await vi.advanceTimersByTimeAsync(4_999)
    expect(done).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(done).toHaveBeenCalled()
    expect(pace.wait(undefined)).toBeUndefined()
  })

  it('ends for who leaves', async () => {
    const pace = new Pace()
    pace.pause(5_000)
    const left = new AbortController()
    const waiting = expect(pace.wait(left.signal)).rejects.toThrow('left')
    left.abort(new Error('left'))
    await waiting
  })

  it('is no other registry’s', () => {
    const [pace, other] = [new Pace(), new Pace()]
    pace.pause(5_000)
    fail(pace, 5)
    expect(other.wait(undefined)).toBeUndefined()
    expect(brokenFor(other)).toBe(0)
  })
})
