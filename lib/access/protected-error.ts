const BRAND = Symbol.for('lading.ProtectedError')

/** A rule protects the tag, for everyone. */
export class ProtectedError extends Error {
  /** A bundler may load this module more than once in a process: an error of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
  get [BRAND](): true {
    return true
  }

  readonly tag: string
  /** The name of the rule. */
  readonly rule: string
  /** Whether the actor may do it all the same, with a reason. */
  readonly mayOverride: boolean

  constructor(tag: string, rule: string, mayOverride: boolean) {
    super(`${tag} is protected by the rule ${rule}`)
    this.name = 'ProtectedError'
    this.tag = tag
    this.rule = rule
    this.mayOverride = mayOverride
  }
}
