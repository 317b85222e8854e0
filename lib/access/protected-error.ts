import { BrandedError } from '../oci/branded-error.ts'

/** A rule protects the tag, for everyone. */
export class ProtectedError extends BrandedError {
  static override readonly brand = 'ProtectedError'

  readonly tag: string
  /** The name of the rule. */
  readonly rule: string
  /** Whether the actor may do it all the same, with a reason. */
  readonly mayOverride: boolean

  constructor(tag: string, rule: string, mayOverride: boolean) {
    super(`${tag} is protected by the rule ${rule}`)
    this.tag = tag
    this.rule = rule
    this.mayOverride = mayOverride
  }
}
