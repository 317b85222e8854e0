import type { Descriptor } from './descriptor.ts'
import { FormatError } from './format-error.ts'

/** What an image runs on (image-index.md, "platform"). Values are as the document has them. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly osVersion?: string
  readonly osFeatures?: readonly string[]
}

const WORD = '([A-Za-z0-9][A-Za-z0-9._-]*)'
const PLATFORM = new RegExp(`^${WORD}(?:\\(${WORD}\\))?/${WORD}(?:/${WORD})?$`)

/** `os/arch[/variant]`, the form of docker's `--platform`; with a version, containerd's `windows(10.0.20348.1)/amd64`. */
export function formatPlatform(platform: Platform): string {
  const os = platform.osVersion ? `${platform.os}(${platform.osVersion})` : platform.os
  return [os, platform.architecture, platform.variant].filter(Boolean).join('/')
}

/**
 * Parses what `formatPlatform` prints, and nothing is normalised on the way: `linux/arm64/v8`.
 * @throws FormatError with code `platform`
 */
export function parsePlatform(text: string): Platform {
  const [, os, osVersion, architecture, variant] = PLATFORM.exec(text) ?? []
  if (!os || !architecture)
    throw new FormatError('platform', text, 'os/architecture and perhaps /variant, for example linux/arm64/v8')
  return { os, architecture, ...(variant && { variant }), ...(osVersion && { osVersion }) }
}

const OS: ReadonlyMap<string, string> = new Map([['macos', 'darwin']])

/** Names that kernels and compilers use, as Go's architecture and variant. */
const ARCHITECTURES: ReadonlyMap<string, readonly [string, string?]> = new Map([
  ['x86_64', ['amd64']],
  ['x86-64', ['amd64']],
  ['i386', ['386']],
  ['i686', ['386']],
  ['aarch64', ['arm64']],
  ['armhf', ['arm', 'v7']],
  ['armv7l', ['arm', 'v7']],
  ['armel', ['arm', 'v6']],
  ['armv6l', ['arm', 'v6']],
] as const)

/** The variant that a missing one stands for. */
const DEFAULT_VARIANTS: ReadonlyMap<string, string> = new Map([
  ['arm64', 'v8'],
  ['arm', 'v7'],
  ['amd64', 'v1'],
])

/**
 * The platform in Go's names, lower case: `x86_64` is `amd64`, `aarch64` is `arm64`. What a missing variant stands for
 * is left out for arm64 (v8) and amd64 (v1) and written for arm (v7), as containerd does.
 */
export function normalizePlatform(platform: Platform): Platform {
  const lower = platform.architecture.toLowerCase()
  const [architecture, implied] = ARCHITECTURES.get(lower) ?? [lower]
  const variant = normalizeVariant(architecture, platform.variant?.toLowerCase() || implied)
  const os = platform.os.toLowerCase()
  const { osVersion, osFeatures } = platform
  return {
    os: OS.get(os) ?? os,
    architecture,
    ...(variant && { variant }),
    ...(osVersion && { osVersion }),
    ...(osFeatures && { osFeatures }),
  }
}

/** The variant with its default filled in, for comparing: `v8` for arm64 without one. */
function effectiveVariant(normalized: Platform): string {
  return normalized.variant ?? DEFAULT_VARIANTS.get(normalized.architecture) ?? ''
}

function normalizeVariant(architecture: string, variant: string | undefined): string | undefined {
  if (architecture === 'arm') return !variant ? 'v7' : /^[5-8]$/.test(variant) ? `v${variant}` : variant
  const text = architecture === 'arm64' && variant && /^[0-9]/.test(variant) ? `v${variant}` : variant
  return text === DEFAULT_VARIANTS.get(architecture) ? undefined : text
}

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

/** True for BuildKit's attestation manifests, which stand beside the images of an index. */
export function isAttestation(descriptor: Descriptor): boolean {
  return descriptor.annotations?.get('vnd.docker.reference.type') === 'attestation-manifest'
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
