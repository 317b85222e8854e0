const BRAND = Symbol.for('lading.error')

/** An error that is known by its name: a bundler may load a class more than once in a process, and an error of any copy is one. */
export class BrandedError extends Error {
  static readonly brand: string

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null || !(BRAND in value) || !('name' in value)) return false
    // biome-ignore lint/complexity/noThisInStatic: each subclass has its own
    return value.name === this.brand
  }
  get [BRAND](): true {
    return true
  }

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.brand
  }
}
