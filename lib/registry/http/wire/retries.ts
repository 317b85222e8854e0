import { TRIES } from '../../tries.ts'
import type { Backpressure } from './backpressure.ts'
import { backoff, delay } from './retry-after.ts'

/** The statuses after which a repeatable request is retried. */
export const RETRIED: ReadonlySet<number | undefined> = new Set([408, 429, 500, 502, 503, 504])
/** Milliseconds before the second try. */
const RETRY_BASE = 150
/** Longer waits are cut to this; the registry's own wish stays in `RegistryError.retryAfter`. */
const MAX_WAIT = 60_000

/**
 * What a failure means: retrying is pointless, retrying may succeed, or everybody has to wait this many milliseconds.
 */
export type RetryVerdict = 'final' | 'again' | { readonly wait: number }

export interface RetryOptions {
  readonly backpressure: Backpressure
  readonly judge: (error: unknown) => RetryVerdict
  /** Default 3. */
  readonly tries?: number
  readonly timeouts?: { readonly retry?: number; readonly longestWait?: number }
  /** A request that takes as long as its source does must not hold up others, which that source may wait for. */
  readonly isStream?: boolean
  /** Called with the milliseconds that the registry makes the request wait. */
  readonly onWait?: (wait: number) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Sends a request, three times at most. A rate-limited try (429) doesn't count while the registry accepts other
 * requests: this one's turn will come, within a minute.
 */
export async function withRetries<T>(options: RetryOptions, send: () => Promise<T>): Promise<T> {
  const { backpressure, judge, tries = TRIES, timeouts = {}, isStream = false, onWait, signal } = options
  const longestWait = timeouts.longestWait ?? MAX_WAIT
  const started = performance.now()
  let failures = 0
  let accepted = backpressure.accepted
  for (let wasRefused = false; ; ) {
    const turn = backpressure.enter(signal, wasRefused)
    if (turn) {
      if (backpressure.wait > 0) onWait?.(backpressure.wait)
      await turn
    }
    if (isStream) backpressure.leave('failed')
    try {
      const result = await send()
      if (!isStream) backpressure.leave('accepted')
      return result
    } catch (error) {
      const verdict = judge(error)
      wasRefused = typeof verdict === 'object'
      if (typeof verdict === 'object' && !isStream)
        backpressure.leaveRefused(waitOf(verdict, longestWait, timeouts.retry))
      else if (!isStream) backpressure.leave('failed')
      const othersGotIn = wasRefused && backpressure.accepted > accepted && performance.now() - started < MAX_WAIT
      accepted = backpressure.accepted
      if (!othersGotIn || tries === 1) failures++
      if (verdict === 'final' || failures >= tries) throw error
      if (!wasRefused) await delay(backoff(failures, timeouts.retry ?? RETRY_BASE), signal)
    }
  }
}

/** If the registry asks to wait without saying how long, wait briefly. */
function waitOf({ wait }: { readonly wait: number }, longest: number, base = RETRY_BASE): number {
  return wait > 0 ? Math.min(wait, longest) : backoff(1, base)
}
