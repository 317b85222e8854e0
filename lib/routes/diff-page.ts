import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import type { Digest } from '../oci/digest.ts'
import { parseTag, type RepositoryName, type Tag } from '../oci/reference.ts'
import { parseRegistryPath } from './registry-path.ts'

export const DIFF_VIEWS = ['changes', 'all', 'raw'] as const
export type DiffView = (typeof DIFF_VIEWS)[number]

/** A comparison as it stands in the URL. */
export const loadDiffParams = createLoader({
  a: parseAsString,
  b: parseAsString,
  /** For two indexes: the platform to compare; for one, the child to take. */
  platform: parseAsString,
  view: parseAsStringLiteral(DIFF_VIEWS).withDefault('changes'),
})

export interface DiffSideReference {
  readonly registry: string
  readonly repository: RepositoryName
  readonly selector: Tag | Digest
}

/** Reads `<registry>/<repository>:<tag>` or `…@<digest>`; without either, `latest`. */
export function parseDiffSide(text: string): DiffSideReference | undefined {
  const slash = text.indexOf('/')
  if (slash <= 0) return undefined
  const registry = text.slice(0, slash)
  const path = parseRegistryPath([encodeURIComponent(text.slice(slash + 1))])
  switch (path?.kind) {
    case 'tag':
      return { registry, repository: path.repository, selector: path.tag }
    case 'digest':
      return { registry, repository: path.repository, selector: path.digest }
    case 'path':
      return { registry, repository: path.path, selector: parseTag('latest') }
    case 'root':
    case undefined:
      return undefined
  }
}
