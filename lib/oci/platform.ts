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
    throw new FormatError('platform', text, 'os/architecture with an optional /variant, for example linux/arm64/v8')
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
export const DEFAULT_VARIANTS: ReadonlyMap<string, string> = new Map([
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

function normalizeVariant(architecture: string, variant: string | undefined): string | undefined {
  if (architecture === 'arm') return !variant ? 'v7' : /^[5-8]$/.test(variant) ? `v${variant}` : variant
  const text = architecture === 'arm64' && variant && /^[0-9]/.test(variant) ? `v${variant}` : variant
  return text === DEFAULT_VARIANTS.get(architecture) ? undefined : text
}

/** True for BuildKit's attestation manifests, which stand beside the images of an index. */
export function isAttestation(descriptor: { readonly annotations?: ReadonlyMap<string, string> }): boolean {
  return descriptor.annotations?.get('vnd.docker.reference.type') === 'attestation-manifest'
}
