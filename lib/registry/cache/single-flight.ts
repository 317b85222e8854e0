interface Flight<T> {
  readonly result: Promise<T>
  readonly stop: AbortController
  waiting: number
  settled: boolean
}

/**
 * Makes identical calls at the same time one call. Each caller can leave by its own signal without disturbing the
 * others; when the last one has left, the work itself is aborted.
 */
export class SingleFlight {
  readonly #flights = new Map<string, Flight<unknown>>()

  /** Calls with the same key must have the same result type. */
  async run<T>(key: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    // The key stands for the kind of result, which the type system cannot follow through the map.
    const flight = (this.#flights.get(key) as Flight<T> | undefined) ?? this.#start(key, work)
    flight.waiting++
    try {
      return await withSignal(flight.result, signal)
    } finally {
      flight.waiting--
      if (flight.waiting === 0 && !flight.settled) {
        if (this.#flights.get(key) === flight) this.#flights.delete(key)
        flight.stop.abort()
      }
    }
  }

  /** Later calls start a new flight, as they must after a change; calls that are already waiting keep theirs. */
  forget(key: string): void {
    this.#flights.delete(key)
  }

  #start<T>(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const stop = new AbortController()
    const flight: Flight<T> = { result: work(stop.signal), stop, waiting: 0, settled: false }
    this.#flights.set(key, flight)
    const done = () => {
      flight.settled = true
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    flight.result.then(done, done)
    return flight
  }
}

/** The promise, or a rejection with the signal's reason if that comes first. */
export function withSignal<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason)
    signal.addEventListener('abort', aborted, { once: true })
    const done = () => signal.removeEventListener('abort', aborted)
    promise.then(
      (value) => {
        done()
        resolve(value)
      },
      (error: unknown) => {
        done()
        reject(error)
      },
    )
  })
}
