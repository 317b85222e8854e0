import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { processWide } from '../../config/process-wide.ts'
import { readSbom, type SbomDocument } from '../../image/referrers/sbom.ts'
import type { SbomPackage } from '../../image/referrers/sbom-packages.ts'
import { UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import { openRepository } from '../registries/open.ts'

/** A bill of materials without its text, which is downloaded. */
export interface SbomView {
  readonly format: 'spdx' | 'cyclonedx'
  readonly version?: string
  readonly encoding: 'json' | 'text' | 'xml'
  /** How many packages it lists; absent where that can't be read. */
  readonly packages?: number
  /** How many files it lists beside them. */
  readonly files?: number
  readonly predicateType?: string
  readonly bytes: number
}

/** A page of an SBOM's packages, by name. */
export interface SbomPackagePage {
  readonly items: readonly SbomPackage[]
  /** How many match, of all that the document lists. */
  readonly total: number
}

const PAGE = 100

/** What bills of materials a referrer carries. @throws RegistryError, FormatError, AccessError */
export async function readSboms(
  actor: Actor,
  registry: string,
  repository: RepositoryName,
  digest: Digest,
): Promise<SbomView[]> {
  const documents = await documentsOf(actor, registry, repository, digest)
  return documents.map(({ format, version, encoding, contents, predicateType, text }) => ({
    format,
    ...(version && { version }),
    encoding,
    ...(contents && { packages: contents.packages.length, files: contents.files }),
    ...(predicateType && { predicateType }),
    bytes: Buffer.byteLength(text),
  }))
}

/**
 * The packages of one of them that have every word of `filter` in name, version or licence, from `offset` on.
 * @throws RegistryError `not-found`, FormatError, AccessError
 */
export async function searchSbom(
  actor: Actor,
  registry: string,
  repository: RepositoryName,
  digest: Digest,
  { index, filter, offset }: { readonly index: number; readonly filter: string; readonly offset: number },
): Promise<SbomPackagePage> {
  const document = (await documentsOf(actor, registry, repository, digest))[index]
  if (!document) throw new RegistryError('not-found', `${digest} carries no such document`)
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const found = sorted(document).filter(({ name, version = '', license = '' }) => {
    const text = `${name} ${version} ${license}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return { items: found.slice(offset, offset + PAGE), total: found.length }
}

/** One of them as a file. @throws RegistryError `not-found`, FormatError, AccessError */
export async function downloadSbom(
  actor: Actor,
  registry: string,
  repository: RepositoryName,
  digest: Digest,
  index: number,
): Promise<{ readonly text: string; readonly extension: string }> {
  const document = (await documentsOf(actor, registry, repository, digest))[index]
  if (!document) throw new RegistryError('not-found', `${digest} carries no such document`)
  const { format, encoding, text } = document
  const extension = { spdx: 'spdx', cyclonedx: 'cdx' }[format]
  return { text, extension: `${extension}.${encoding === 'text' ? 'txt' : encoding}` }
}

/** Documents of up to 16 MiB, parsed: whoever reads one asks for the next page of it soon. */
const KEPT = 4

/** The door is passed each time; the content of a digest never changes. */
async function documentsOf(
  actor: Actor,
  registry: string,
  repository: RepositoryName,
  digest: Digest,
): Promise<readonly SbomDocument[]> {
  const opened = openRepository(actor, 'browse', { registry, repository })
  const kept = processWide('sboms', () => new Map<string, Promise<readonly SbomDocument[]>>())
  const key = `${registry} ${repository} ${digest}`
  const found = kept.get(key) ?? readSbom(opened, { digest, mediaType: '', size: UNKNOWN_SIZE })
  kept.delete(key)
  kept.set(key, found)
  const oldest = kept.keys().next()
  if (kept.size > KEPT && !oldest.done) kept.delete(oldest.value)
  found.catch(() => kept.delete(key))
  return found
}

const byName = new WeakMap<SbomDocument, readonly SbomPackage[]>()

function sorted(document: SbomDocument): readonly SbomPackage[] {
  const known = byName.get(document)
  if (known) return known
  const packages = (document.contents?.packages ?? []).toSorted((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  )
  byName.set(document, packages)
  return packages
}
