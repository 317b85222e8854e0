/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110, 10.2.3).
 * Undefined for anything else; never negative.
 */
export function parseRetryAfter(header: string | readonly string[] | undefined, now = Date.now()): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim()
  if (!text) return undefined
  if (/^\d{1,12}(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  // Date.parse takes much that isn't a date (a lone "7"); an HTTP date starts with a weekday.
  const date = /^[A-Za-z]{3,9}, ?/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Exponential with jitter: `base` milliseconds, doubled with each failed try, times 0.5 to 1.5. */
export function backoff(failures: number, base: number, random: () => number = Math.random): number {
  return base * 2 ** (failures - 1) * (0.5 + random())
}

/** Resolves after `milliseconds`, or rejects with the signal's reason. */
export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const aborted = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', aborted, { once: true })
  })
}
