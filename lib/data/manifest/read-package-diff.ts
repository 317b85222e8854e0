import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { NamedChange } from '../../image/diff/diff-fields.ts'
import { diffPackages } from '../../image/diff/diff-packages.ts'
import { readSbom } from '../../image/referrers/sbom.ts'
import type { SbomPackage } from '../../image/referrers/sbom-packages.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openRepository } from '../registries/open.ts'
import type { DiffPage, DiffSideView } from './read-diff.ts'
import { readReferrers } from './read-referrers.ts'

/** SBOMs that are opened to find one that lists packages. */
const TRIED = 3

/** The packages that two images' SBOMs list; undefined unless both have one. @throws RegistryError, FormatError, AccessError */
export async function readPackageDiff(actor: Actor, { a, b }: DiffPage): Promise<readonly NamedChange[] | undefined> {
  const [before, after] = await Promise.all([packagesOf(actor, a), packagesOf(actor, b)])
  return before && after && diffPackages(before, after)
}

async function packagesOf(actor: Actor, side: DiffSideView): Promise<readonly SbomPackage[] | undefined> {
  const repository = parseRepositoryName(side.repository)
  const child = parseDigest(side.compared.digest)
  const subject = { digest: parseDigest(side.digest), ...(side.compared.digest !== side.digest && { child }) }
  const { items } = await readReferrers(actor, { registry: side.registry, repository }, subject)
  const sboms = items.flatMap((item) =>
    'descriptor' in item && item.sbom && item.claim !== 'about-another' && isAbout(item.about, side) ? [item] : [],
  )
  const opened = openRepository(actor, 'browse', { registry: side.registry, repository })
  for (const { descriptor } of sboms.slice(0, TRIED)) {
    const { digest, mediaType, size = -1 } = descriptor
    const documents = await readSbom(opened, { digest: parseDigest(digest), mediaType, size })
    const listing = documents.find(({ contents }) => contents && contents.packages.length > 0)
    if (listing) return listing.contents?.packages
  }
  return undefined
}

/** Of an index, its referrers are about all of it; those of another platform don't count. */
function isAbout(about: string | undefined, { compared }: DiffSideView): boolean {
  return about === undefined || about === compared.platform || about === compared.digest
}
