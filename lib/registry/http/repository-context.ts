import type { RepositoryName } from '../../oci/reference.ts'
import type { RegistryClient } from './client.ts'

/** What every operation on one repository needs. */
export interface RepositoryContext {
  readonly client: RegistryClient
  readonly name: RepositoryName
  /** What the registry turned out to do, shared by its repositories. */
  readonly facts: RegistryFacts
}

export interface RegistryFacts {
  /** Set once the referrers API was found missing; unset means that it is asked. */
  noReferrersApi?: boolean
  /** Whether the ping's answer offers OpenShift's signatures API; unset until it is asked. */
  signatureExtension?: boolean
  /** Milliseconds since the epoch until which there is known to be no search. */
  noSearchUntil?: number
}
