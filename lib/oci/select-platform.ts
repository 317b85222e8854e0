import type { Descriptor } from './descriptor.ts'
import { DEFAULT_VARIANTS, isAttestation, normalizePlatform, type Platform } from './platform.ts'

/**
 * The manifest of an index that runs best on `wanted`, or undefined when none runs there. The same variant is best,
 * then the highest lower one (arm v7 runs v6, amd64 v3 runs v1); a higher one never runs. On Windows an `osVersion`
 * selects its build, in which the highest revision wins. Attestations and `unknown/unknown` are never selected.
 * Nested indexes are not opened.
 */
export function selectPlatform(descriptors: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  const target = normalizePlatform(wanted)
  let best: { descriptor: Descriptor; rank: number } | undefined
  for (const descriptor of descriptors) {
    if (!descriptor.platform || isAttestation(descriptor)) continue
    const rank = rankPlatform(normalizePlatform(descriptor.platform), target)
    if (rank !== undefined && (!best || rank > best.rank)) best = { descriptor, rank }
  }
  return best?.descriptor
}

/** Higher is better; undefined does not run. Both are normalised. */
function rankPlatform(candidate: Platform, target: Platform): number | undefined {
  if (candidate.os !== target.os || candidate.architecture !== target.architecture) return undefined
  if (candidate.os === 'unknown' || candidate.architecture === 'unknown') return undefined
  const variant = rankVariant(candidate, target)
  const version = rankVersion(candidate.osVersion, target.osVersion)
  return variant === undefined || version === undefined ? undefined : variant * 1e9 + version
}

function rankVariant(candidate: Platform, target: Platform): number | undefined {
  const [has, wants] = [effectiveVariant(candidate), effectiveVariant(target)]
  if (has === wants) return 1000
  const [level, limit] = [levelOf(has), levelOf(wants)]
  if (level !== undefined && limit !== undefined) return level < limit ? level : undefined
  // On an architecture without levels an unnamed variant fits any; named ones only their like.
  return has === '' || wants === '' ? 0 : undefined
}

/** `v7` → 7, `v8.2` → 8.2 */
function levelOf(variant: string): number | undefined {
  const level = /^v([0-9]{1,2}(?:\.[0-9]{1,2})?)$/.exec(variant)?.[1]
  return level === undefined ? undefined : Number(level)
}

/** Windows containers need the host's build; the fourth part of the version, the revision, is free. */
function rankVersion(has: string | undefined, wants: string | undefined): number | undefined {
  if (!wants || has === wants) return wants ? 1e8 : 0
  if (!has) return 0
  const [hasParts, wantsParts] = [has.split('.'), wants.split('.')]
  if (hasParts.slice(0, 3).join('.') !== wantsParts.slice(0, 3).join('.')) return undefined
  const revision = Number(hasParts[3] ?? 0)
  return Number.isSafeInteger(revision) ? Math.min(revision + 1, 1e7) : 1
}

/** The variant with its default filled in, for comparing: `v8` for arm64 without one. */
function effectiveVariant(normalized: Platform): string {
  return normalized.variant ?? DEFAULT_VARIANTS.get(normalized.architecture) ?? ''
}
