import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Backpressure } from './backpressure.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Requests that enter; `running` are the numbers of those that were let in and have not left. */
function enterAll(backpressure: Backpressure, count: number, wasRefused = false): number[] {
  const running: number[] = []
  for (let i = 0; i < count; i++) {
    const turn = backpressure.enter(undefined, wasRefused)
    if (turn) void turn.then(() => running.push(i))
    else running.push(i)
  }
  return running
}

describe('a registry that hasn’t complained', () => {
  it('gets every request at once', () => {
    expect(enterAll(new Backpressure(), 1_000)).toHaveLength(1_000)
  })
})

describe('a registry that asks to wait', () => {
  /** Sixteen requests, all refused, and asked for again. */
  async function refused(wait = 1_000) {
    const backpressure = new Backpressure()
    enterAll(backpressure, 16)
    for (let i = 0; i < 16; i++) backpressure.leaveRefused(wait)
    const running = enterAll(backpressure, 16, true)
    await vi.advanceTimersByTimeAsync(wait - 1)
    expect(running).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    return { backpressure, running }
  }

  it('is left alone that long, and then gets one request', async () => {
    const { running } = await refused()
    expect(running).toEqual([0])
  })

  it('gets one more with each that it accepts, up to half as many as before', async () => {
    const { backpressure, running } = await refused()
    backpressure.leave('accepted')
    await vi.advanceTimersByTimeAsync(0)
    expect(running).toEqual([0, 1, 2])
    for (let i = 0; i < 2; i++) backpressure.leave('accepted')
    await vi.advanceTimersByTimeAsync(0)
    // Three have left, four run.
    expect(running).toHaveLength(7)
    for (let i = 0; i < 4; i++) backpressure.leave('accepted')
    await vi.advanceTimersByTimeAsync(0)
    expect(running).toHaveLength(15)
  })

  it('gets no more for one that failed', async () => {
    const { backpressure, running } = await refused()
    backpressure.leave('failed')
    await vi.advanceTimersByTimeAsync(0)
    expect(running).toEqual([0, 1])
  })

  it('is awaited for the longest of the waits, and first gets what it refused', async () => {
    const backpressure = new Backpressure()
    enterAll(backpressure, 2)
    backpressure.leaveRefused(5_000)
    backpressure.leaveRefused(1_000)
    const fresh = enterAll(backpressure, 1)
    const again = enterAll(backpressure, 1, true)
    await vi.advanceTimersByTimeAsync(4_999)
    expect([fresh, again]).toEqual([[], []])
    await vi.advanceTimersByTimeAsync(1)
    expect([fresh, again]).toEqual([[], [0]])
    backpressure.leave('accepted')
    await vi.advanceTimersByTimeAsync(0)
    expect(fresh).toEqual([0])
  })

  it('gets everything again once it has accepted enough', async () => {
    const { backpressure } = await refused()
    enterAll(backpressure, 2_000)
    for (let i = 0; i < 1_000; i++) backpressure.leave('accepted')
    await vi.advanceTimersByTimeAsync(0)
    expect(backpressure.enter(undefined)).toBeUndefined()
  })

  it('doesn’t hold callers that leave, and isn’t held by them', async () => {
    const { backpressure, running } = await refused()
    const left = new AbortController()
    const waiting = expect(backpressure.enter(left.signal)).rejects.toThrow('left')
    left.abort(new Error('left'))
    await waiting
    backpressure.leave('accepted')
    await vi.advanceTimersByTimeAsync(0)
    expect(running).toHaveLength(3)
  })
})
