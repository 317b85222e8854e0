import { RegistryError } from '../../errors.ts'
import { neverConnected } from './failure.ts'

/** After this many failures to connect in a row requests fail at once. */
const FAILURES = 5
const SHORTEST_BREAK = 2_000
const LONGEST_BREAK = 30_000

/** While a registry is down, requests fail at once with the last failure instead of each running into its own time limit. */
export class Breaker {
  #failures = 0
  #openUntil = 0
  #lastFailure: RegistryError | undefined

  /** @throws RegistryError the last failure, while the breaker is open */
  check(): void {
    const retryAfter = this.#openUntil - performance.now()
    if (retryAfter <= 0 || !this.#lastFailure) return
    const { kind, message, host } = this.#lastFailure
    throw new RegistryError(kind, message, { retryAfter, host }, { cause: this.#lastFailure })
  }

  succeeded(): void {
    this.#failures = 0
    // A request that was under way when the breaker opened: the registry is up after all.
    this.#openUntil = 0
  }

  failed(error: unknown): void {
    if (!(error instanceof RegistryError) || !neverConnected(error)) return
    this.#failures++
    this.#lastFailure = error
    if (this.#failures < FAILURES) return
    // After a break one more failure is enough for the next, longer one.
    this.#openUntil = performance.now() + Math.min(SHORTEST_BREAK * 2 ** (this.#failures - FAILURES), LONGEST_BREAK)
  }
}
