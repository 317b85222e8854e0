/** Failures that cost nothing: people mistype. */
const FREE_PER_ACCOUNT = 5
const FREE_PER_ADDRESS = 20
/** An account cannot be locked for longer by a stranger than this; an address can. Milliseconds. */
const LONGEST_FOR_ACCOUNT = 60_000
const LONGEST_FOR_ADDRESS = 900_000
const FORGOTTEN_AFTER = 3_600_000
const MOST_ENTRIES = 10_000

interface Attempts {
  failures: number
  blockedUntil: number
  lastAt: number
}

/**
 * Makes guessing passwords slow: after a few failures each further one doubles the wait of the account and of the
 * address. An attempt counts as failed from its beginning, so that many at once gain nothing. Lives in this process.
 */
export class SignInThrottle {
  readonly #attempts = new Map<string, Attempts>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** @returns milliseconds to wait; 0 lets the attempt go on, and counts it */
  begin(account: string, address: string): number {
    const keys = keysOf(account, address)
    const wait = Math.max(...keys.map(({ key }) => (this.#attempts.get(key)?.blockedUntil ?? 0) - this.#now()))
    if (wait > 0) return wait
    for (const { key, free, longest } of keys) this.#count(key, free, longest)
    return 0
  }

  succeeded(account: string, address: string): void {
    const [ofAccount, ofAddress] = keysOf(account, address)
    this.#attempts.delete(ofAccount.key)
    // One good account must not clear the way for guessing at others from the same address.
    const entry = this.#attempts.get(ofAddress.key)
    if (!entry) return
    entry.failures -= 1
    if (entry.failures <= FREE_PER_ADDRESS) entry.blockedUntil = 0
  }

  #count(key: string, free: number, longest: number): void {
    const now = this.#now()
    const known = this.#attempts.get(key)
    const failures = (known && now - known.lastAt < FORGOTTEN_AFTER ? known.failures : 0) + 1
    const wait = failures < free ? 0 : Math.min(longest, 1000 * 2 ** Math.min(failures - free, 20))
    // Deleting first keeps the map in order of use, so that the oldest is what is dropped.
    this.#attempts.delete(key)
    this.#attempts.set(key, { failures, blockedUntil: now + wait, lastAt: now })
    const oldest = this.#attempts.keys().next().value
    if (this.#attempts.size > MOST_ENTRIES && oldest !== undefined) this.#attempts.delete(oldest)
  }
}

function keysOf(account: string, address: string) {
  return [
    { key: `account ${account}`, free: FREE_PER_ACCOUNT, longest: LONGEST_FOR_ACCOUNT },
    { key: `address ${address}`, free: FREE_PER_ADDRESS, longest: LONGEST_FOR_ADDRESS },
  ] as const
}
