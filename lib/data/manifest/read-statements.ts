import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { SignatureDetails } from '../../image/referrers/signature-details.ts'
import { readSignedDocuments, type StatementSubject } from '../../image/referrers/signed-documents.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Provenance } from '../../oci/provenance.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { openRepository } from '../registries/open.ts'

/** A signature or an in-toto statement as a page shows it. Nothing in it is verified. */
export interface StatementView {
  readonly mediaType: string
  /** Its blob. */
  readonly digest: string
  readonly predicateType?: string
  readonly subjects: readonly StatementSubject[]
  readonly provenance?: Provenance
  /** The predicate, or the signed payload, as JSON. */
  readonly content?: string
  readonly signatures: readonly SignatureDetails[]
  readonly problem?: Problem
}

/** The signatures and statements in a manifest. @throws RegistryError, AccessError */
export async function readStatements(actor: Actor, place: Place, digest: Digest): Promise<StatementView[]> {
  const documents = await readSignedDocuments(openRepository(actor, 'browse', place), digest)
  return documents.map(({ blob, fault, ...document }) => ({
    mediaType: blob.mediaType,
    digest: blob.digest,
    ...document,
    ...(fault && { problem: problemOf(fault) }),
  }))
}
