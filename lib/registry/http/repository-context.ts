import type { RepositoryName } from '../../oci/reference.ts'
import type { Capability } from '../capabilities.ts'
import type { TagTurns } from '../one-by-one.ts'
import type { RegistryClient } from './client.ts'

/** The context of every operation on one repository. */
export interface RepositoryContext {
  readonly client: RegistryClient
  readonly name: RepositoryName
  /** Observed behaviour of the registry, shared by its repositories. */
  readonly facts: RegistryFacts
}

export interface RegistryFacts {
  /** The observed effect of DELETE on a tag, whatever the registry answered. Unset until a tag was deleted. */
  tagDeletion?: 'spares-siblings' | TagDeletionFault
  /** What the last DELETE of a manifest showed: whether the registry deletes at all. Unset until there was one. */
  deletion?: Capability
  /** Whether tags stay listed when their manifest is deleted. Unset until a manifest with tags was deleted. */
  leavesTags?: boolean
  /** Set once the referrers API has answered for any repository: then its refusals are about that repository only. */
  referrersApi?: boolean
  /** The repositories for which it was found missing, with the milliseconds since the epoch until which that counts. */
  readonly noReferrersUntil: Map<RepositoryName, number>
  /** Whether the ping's answer offers OpenShift's signatures API; unset until it is asked. */
  signatureExtension?: boolean
  readonly tagTurns: TagTurns
  /** Milliseconds since the epoch until which there is known to be no search. */
  noSearchUntil?: number
}

/** Why tags are not deleted by a DELETE of the tag, although the registry accepts it. */
export interface TagDeletionFault {
  /** For people: `DELETE of a tag deleted its manifest and 2 other tags`. */
  readonly evidence: string
}
