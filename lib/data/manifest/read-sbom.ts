import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { readSbom } from '../../image/referrers/sbom.ts'
import type { SbomPackage } from '../../image/referrers/sbom-packages.ts'
import { type Descriptor, UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import { openRepository } from '../registries/open.ts'

/** A bill of materials without its text, which is downloaded. */
export interface SbomView {
  readonly format: 'spdx' | 'cyclonedx'
  readonly version?: string
  readonly encoding: 'json' | 'text' | 'xml'
  /** How many packages it lists; absent where that cannot be read. */
  readonly packages?: number
  /** The first of them by their names, at most `LISTED`. */
  readonly listed: readonly SbomPackage[]
  readonly predicateType?: string
  readonly bytes: number
}

/** More would be megabytes in a page: who needs all of them has the document. */
const LISTED = 2_000

/** What bills of materials a referrer carries. @throws RegistryError, FormatError, AccessError */
export async function readSboms(
  actor: Actor,
  registry: string,
  repository: RepositoryName,
  digest: Digest,
): Promise<SbomView[]> {
  const documents = await readSbom(openRepository(actor, 'browse', { registry, repository }), referrerOf(digest))
  return documents.map(({ format, version, encoding, packages, predicateType, text }) => ({
    format,
    ...(version && { version }),
    encoding,
    ...(packages !== undefined && { packages: packages.length }),
    listed: (packages ?? []).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).slice(0, LISTED),
    ...(predicateType && { predicateType }),
    bytes: Buffer.byteLength(text),
  }))
}

/** One of them as a file. @throws RegistryError `not-found`, FormatError, AccessError */
export async function downloadSbom(
  actor: Actor,
  registry: string,
  repository: RepositoryName,
  digest: Digest,
  index: number,
): Promise<{ readonly text: string; readonly extension: string }> {
  const document = (await readSbom(openRepository(actor, 'browse', { registry, repository }), referrerOf(digest)))[
    index
  ]
  if (!document) throw new RegistryError('not-found', `${digest} carries no such document`)
  const { format, encoding, text } = document
  const extension = { spdx: 'spdx', cyclonedx: 'cdx' }[format]
  return { text, extension: `${extension}.${encoding === 'text' ? 'txt' : encoding}` }
}

/** Only its digest is asked for. */
function referrerOf(digest: Digest): Descriptor {
  return { digest, mediaType: '', size: UNKNOWN_SIZE }
}
