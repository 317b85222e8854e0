const BRAND = Symbol.for('lading.LeaseError')

/** Another process has taken over what this one was doing: nothing was written. */
export class LeaseError extends Error {
  /** A bundler may load this module more than once in a process: an error of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
  get [BRAND](): true {
    return true
  }

  constructor(lease: string, options?: ErrorOptions) {
    super(`The lease ${lease} was lost, so another process may continue its work`, options)
    this.name = 'LeaseError'
  }
}
