import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { processWide } from '../../config/process-wide.ts'
import { toCsv } from '../../format/csv.ts'
import { readSbom, type SbomDocument, type SbomFormat } from '../../image/referrers/sbom.ts'
import type { SbomPackage } from '../../image/referrers/sbom-packages.ts'
import { UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { RegistryError } from '../../registry/errors.ts'
import { openRepository } from '../registries/open.ts'

/** An SBOM without its text, which is downloaded separately. */
export interface SbomView {
  readonly format: SbomFormat
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
  /** The licences of packages that match apart from the licence filter, most frequent first. */
  readonly licences: readonly LicenceCount[]
}

interface LicenceCount {
  /** As the document gives it; empty for packages without one. */
  readonly licence: string
  readonly count: number
}

const PAGE = 100

/** The SBOMs that a referrer contains. @throws RegistryError, FormatError, AccessError */
export async function readSboms(actor: Actor, place: Place, digest: Digest): Promise<SbomView[]> {
  const documents = await documentsOf(actor, place, digest)
  return documents.map(({ format, version, encoding, contents, predicateType, text }) => ({
    format,
    ...(version && { version }),
    encoding,
    ...(contents && { packages: contents.packages.length, files: contents.files }),
    ...(predicateType && { predicateType }),
    bytes: Buffer.byteLength(text),
  }))
}

/** Which packages of a document. */
export interface PackageFilter {
  readonly index: number
  /** Words that are all in name, version, licence or package URL. */
  readonly filter: string
  /** As the document gives it; empty for packages without one. */
  readonly licence?: string | undefined
}

/** The packages that match, from `offset` on. @throws RegistryError `not-found`, FormatError, AccessError */
export async function searchSbom(
  actor: Actor,
  place: Place,
  digest: Digest,
  { offset, licence, ...search }: PackageFilter & { readonly offset: number },
): Promise<SbomPackagePage> {
  const named = await packagesOf(actor, place, digest, search)
  const found = ofLicence(named, licence)
  return { items: found.slice(offset, offset + PAGE), total: found.length, licences: countLicences(named) }
}

/** All packages that match, as CSV. @throws RegistryError `not-found`, FormatError, AccessError */
export async function exportPackages(
  actor: Actor,
  place: Place,
  digest: Digest,
  { licence, ...search }: PackageFilter,
): Promise<string> {
  const found = ofLicence(await packagesOf(actor, place, digest, search), licence)
  return toCsv(
    ['name', 'version', 'licence', 'purl'],
    found.map(({ name, version = '', license = '', purl = '' }) => [name, version, license, purl]),
  )
}

async function packagesOf(
  actor: Actor,
  place: Place,
  digest: Digest,
  { index, filter }: PackageFilter,
): Promise<readonly SbomPackage[]> {
  const document = (await documentsOf(actor, place, digest))[index]
  if (!document) throw new RegistryError('not-found', `${digest} carries no such document`)
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return sorted(document)
  return sorted(document).filter(({ name, version = '', license = '', purl = '' }) => {
    const text = `${name} ${version} ${license} ${purl}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

function ofLicence(packages: readonly SbomPackage[], licence: string | undefined): readonly SbomPackage[] {
  return licence === undefined ? packages : packages.filter(({ license = '' }) => license === licence)
}

/** At most this many licences are offered; others are found by words. */
const MAX_LICENCES = 100

function countLicences(packages: readonly SbomPackage[]): LicenceCount[] {
  const counts = new Map<string, number>()
  for (const { license = '' } of packages) counts.set(license, (counts.get(license) ?? 0) + 1)
  return [...counts]
    .map(([licence, count]) => ({ licence, count }))
    .sort((a, b) => b.count - a.count || (a.licence < b.licence ? -1 : 1))
    .slice(0, MAX_LICENCES)
}

/** One of them as a file. @throws RegistryError `not-found`, FormatError, AccessError */
export async function downloadSbom(
  actor: Actor,
  place: Place,
  digest: Digest,
  index: number,
): Promise<{ readonly text: string; readonly extension: string }> {
  const document = (await documentsOf(actor, place, digest))[index]
  if (!document) throw new RegistryError('not-found', `${digest} carries no such document`)
  const { format, encoding, text } = document
  const extension = { spdx: 'spdx', cyclonedx: 'cdx', syft: 'syft' }[format]
  return { text, extension: `${extension}.${encoding === 'text' ? 'txt' : encoding}` }
}

/** Documents of up to 16 MiB, parsed: a reader usually asks for the next page soon. */
const KEPT = 4

/** Access is checked each time; the content of a digest never changes. */
async function documentsOf(actor: Actor, place: Place, digest: Digest): Promise<readonly SbomDocument[]> {
  const opened = openRepository(actor, 'browse', place)
  const kept = processWide('sboms', () => new Map<string, Promise<readonly SbomDocument[]>>())
  const key = `${place.registry} ${place.repository} ${digest}`
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
  const packages = (document.contents?.packages ?? []).toSorted(
    (a, b) => ORDER.compare(a.name, b.name) || ORDER.compare(a.version ?? '', b.version ?? ''),
  )
  byName.set(document, packages)
  return packages
}

/** `lib2` before `lib10`, and `Zlib` beside `zlib`. */
const ORDER = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
