import { steadyNow } from '../../config/steady-clock.ts'
import { addressGroup } from '../connection.ts'
import { type FailureStore, type Failures, FORGOTTEN_AFTER, memoryFailures } from './failure-store.ts'

export interface SignInSource {
  readonly account: string
  readonly address: string
  /** From `deviceOf`: a browser in which this user has signed in before. */
  readonly device?: string | undefined
}

/** An attempt is refused for some time, or goes on after a delay. Milliseconds. */
export type Throttled = { readonly refusedFor: number } | { readonly delay: number }

interface Limit {
  readonly key: string
  /** Failures that cost nothing: people mistype. */
  readonly free: number
  /** The longest wait, in milliseconds; each failure doubles it. */
  readonly longest: number
}

/**
 * Makes guessing passwords slow without letting strangers lock a user out. Guesses from one address are refused for
 * longer and longer. Guesses at one account from many addresses only delay the attempts on it, and not those of a
 * browser in which the user has signed in before. An attempt counts as failed from the start, so many parallel ones
 * gain nothing.
 */
export class SignInThrottle {
  readonly #store: FailureStore
  readonly #now: () => number

  constructor(store = memoryFailures(), now: () => number = steadyNow) {
    this.#store = store
    this.#now = now
  }

  async begin(source: SignInSource): Promise<Throttled> {
    const counted: Limit[] = []
    for (const limit of refusingLimits(source)) {
      const refusedFor = await this.#begin(limit)
      if (refusedFor > 0) {
        await Promise.all(counted.map((each) => this.#takeBack(each)))
        return { refusedFor }
      }
      counted.push(limit)
    }
    return { delay: source.device === undefined ? await this.#delay(source.account) : 0 }
  }

  async succeeded(source: SignInSource): Promise<void> {
    const [first, ofAddress] = refusingLimits(source)
    await this.#store.update(first.key, () => undefined)
    // One good account must not clear the way for guessing at others from the same address.
    await this.#takeBack(ofAddress)
    await this.#takeBack(accountLimit(source.account))
  }

  /** Counts the attempt unless it is refused. @returns how long it is refused for */
  async #begin({ key, free, longest }: Limit): Promise<number> {
    const now = this.#now()
    let wait = 0
    await this.#store.update(key, (held) => {
      wait = Math.max(0, (held?.blockedUntil ?? 0) - now)
      return wait > 0 ? held : failed(held, now, free, longest)
    })
    return wait
  }

  async #delay(account: string): Promise<number> {
    const { key, free, longest } = accountLimit(account)
    const now = this.#now()
    const held = await this.#store.update(key, (known) => failed(known, now, free, longest))
    return held && held.count > free ? waitAfter(held.count, free, longest) : 0
  }

  async #takeBack({ key, free }: Limit): Promise<void> {
    await this.#store.update(key, (held) => {
      const count = Math.max(0, (held?.count ?? 0) - 1)
      return held && { ...held, count, blockedUntil: count < free ? 0 : held.blockedUntil }
    })
  }
}

function failed(held: Failures | undefined, now: number, free: number, longest: number): Failures {
  const count = (held && now - held.lastAt < FORGOTTEN_AFTER ? held.count : 0) + 1
  const wait = count < free ? 0 : waitAfter(count, free, longest)
  return { count, blockedUntil: wait > 0 ? now + wait : 0, lastAt: now }
}

function waitAfter(count: number, free: number, longest: number): number {
  return Math.min(longest, 1000 * 2 ** Math.min(count - free, 20))
}

/** The first is forgotten when the password was right. */
function refusingLimits({ account, address, device }: SignInSource): readonly [Limit, Limit] {
  const group = addressGroup(address)
  const first = device === undefined ? `pair ${group} ${account}` : `device ${device} ${account}`
  return [
    { key: first, free: 5, longest: 900_000 },
    { key: `address ${group}`, free: 20, longest: 900_000 },
  ]
}

function accountLimit(account: string): Limit {
  return { key: `account ${account}`, free: 10, longest: 8000 }
}
