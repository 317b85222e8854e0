import { type Digest, isDigest } from '../oci/digest.ts'
import type { Place } from '../oci/place.ts'
import { isTag, parseTag, type Tag } from '../oci/reference.ts'
import { parseRegistryPath } from './registry-path.ts'

export interface DiffSideReference extends Place {
  readonly selector: Tag | Digest
}

/** Reads `<registry>/<repository>:<tag>` or `…@<digest>`; without either, `latest`. */
export function parseDiffSide(text: string): DiffSideReference | undefined {
  const slash = text.indexOf('/')
  if (slash <= 0) return undefined
  return inRegistry(text.slice(0, slash), text.slice(slash + 1))
}

/** What a side may be short for. */
export interface DiffSideContext {
  /** Configured names. */
  readonly registries: readonly string[]
  /** The other side, where there is one. */
  readonly other?: DiffSideReference | undefined
}

/**
 * The same for what people type: `1.4.1` and a digest are in the other side's repository, and `team-a/app:1.4.1` is in
 * its registry, or in the only one there is.
 */
export function completeDiffSide(text: string, { registries, other }: DiffSideContext): DiffSideReference | undefined {
  const typed = text.trim()
  const selector = typed.replace(/^[:@]/, '')
  if (other && (isTag(selector) || isDigest(selector)))
    return { registry: other.registry, repository: other.repository, selector }
  const full = parseDiffSide(typed)
  if (full && registries.includes(full.registry)) return full
  const registry = other?.registry ?? (registries.length === 1 ? registries[0] : undefined)
  return (registry === undefined ? undefined : inRegistry(registry, typed)) ?? full
}

function inRegistry(registry: string, text: string): DiffSideReference | undefined {
  const path = parseRegistryPath([encodeURIComponent(text)])
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
