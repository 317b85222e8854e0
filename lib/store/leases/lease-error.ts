import { BrandedError } from '../../oci/branded-error.ts'

/** Another process has taken over what this one was doing: nothing was written. */
export class LeaseError extends BrandedError {
  static override readonly brand = 'LeaseError'

  constructor(lease: string, options?: ErrorOptions) {
    super(`The lease ${lease} was lost, so another process may continue its work`, options)
  }
}
