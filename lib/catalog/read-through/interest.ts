/** Milliseconds that work goes on after its last reader has left: a reload or a reconnect comes back within them. */
export const GRACE = 5_000

/** Tracks who is waiting for some work: it continues while anybody is, and a moment longer. */
export class Interest {
  readonly #onIdle: () => void
  readonly #grace: number
  #holders = 0
  #timer: NodeJS.Timeout | undefined

  constructor(onIdle: () => void, grace = GRACE) {
    this.#onIdle = onIdle
    this.#grace = grace
  }

  /** Returns a function that ends this holder's interest. */
  hold(): () => void {
    this.#holders++
    clearTimeout(this.#timer)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holders--
      if (this.#holders === 0) this.#timer = setTimeout(this.#onIdle, this.#grace).unref()
    }
  }

  /** Nothing is to follow any more. */
  end(): void {
    clearTimeout(this.#timer)
  }
}
