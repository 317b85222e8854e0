/** Measures work: runs while nobody holds it. Holds may overlap. */
export class WorkClock {
  #holders = 0
  #before = 0
  #since = performance.now()

  /** Milliseconds. */
  get elapsed(): number {
    return this.#holders > 0 ? this.#before : this.#before + performance.now() - this.#since
  }

  hold(): void {
    this.#before = this.elapsed
    this.#holders++
  }

  release(): void {
    this.#holders--
    this.#since = performance.now()
  }
}
