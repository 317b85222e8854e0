import { type Digest, isWellFormedDigest } from './digest.ts'
import { fieldNames, refuseLookalikes } from './field-names.ts'
import { FormatError } from './format-error.ts'
import type { Platform } from './platform.ts'

/** Points at content: the currency of everything above (image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes of the content as stored (compressed, for a compressed layer); `UNKNOWN_SIZE` for the layers of schema 1. */
  readonly size: number
  readonly annotations?: ReadonlyMap<string, string>
  readonly artifactType?: string
  readonly platform?: Platform
  /** Where a foreign layer says it's available. Shown, never fetched. */
  readonly urls?: readonly string[]
  /** Content embedded in the descriptor (base64 text as found). */
  readonly data?: string
}

/** The size of a layer of schema 1, which records none. Ask the registry; never add it up. */
export const UNKNOWN_SIZE = -1

const FIELDS = fieldNames('mediaType', 'digest', 'size', 'urls', 'annotations', 'data', 'artifactType', 'platform')
const PLATFORM_FIELDS = fieldNames('os', 'architecture', 'variant', 'os.version', 'os.features')

/**
 * Reads a descriptor out of a parsed JSON document.
 * @param where the path inside the document, for the message: `layers[3]`
 * @throws FormatError with code `descriptor`, or `manifest-ambiguous` where tools would read something else
 */
export function readDescriptor(value: unknown, where: string): Descriptor {
  if (!isRecord(value)) throw new FormatError('descriptor', value, `an object at ${where}`)
  refuseLookalikes(value, FIELDS, 'manifest-ambiguous')
  const { mediaType, digest, size, artifactType, urls, data } = value
  if (!isWellFormedDigest(digest)) throw new FormatError('descriptor', digest, `a digest at ${where}.digest`)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new FormatError('descriptor', size, `a number of bytes at ${where}.size`)
  const annotations = readStringMap(value.annotations)
  const platform = readPlatform(value.platform)
  return {
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    digest,
    size,
    ...(annotations.size > 0 && { annotations }),
    ...(typeof artifactType === 'string' && artifactType && { artifactType }),
    ...(platform && { platform }),
    ...(Array.isArray(urls) && urls.length > 0 && { urls: urls.filter((url) => typeof url === 'string') }),
    ...(typeof data === 'string' && { data }),
  }
}

/** A map of strings, as `stringMapOf` reads its fields. Keys like `__proto__` are only keys. */
export function readStringMap(value: unknown): ReadonlyMap<string, string> {
  return stringMapOf(isRecord(value) ? Object.entries(value) : [])
}

/** Entries of other types are dropped, as the specification allows none; `null` is read as `nullAsText` says. */
export function stringMapOf(fields: Iterable<readonly [string, unknown]>): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const [key, value] of fields) {
    const text = nullAsText(value)
    if (typeof text === 'string') map.set(key, text)
  }
  return map
}

/** Go decodes a `null` among strings as the empty string, and so docker, skopeo and crane show it (encoding/json, Unmarshal). */
export function nullAsText(value: unknown): unknown {
  return value === null ? '' : value
}

/** The `platform` of a descriptor; undefined where it names neither os nor architecture (`{}`). One of them alone leaves the other `unknown`. */
function readPlatform(value: unknown): Platform | undefined {
  if (!isRecord(value)) return undefined
  refuseLookalikes(value, PLATFORM_FIELDS, 'manifest-ambiguous')
  const { os, architecture, variant } = value
  const osFeatures = value['os.features']
  const osVersion = value['os.version']
  const isText = (field: unknown): field is string => typeof field === 'string' && field !== ''
  if (!isText(os) && !isText(architecture)) return undefined
  return {
    os: isText(os) ? os : 'unknown',
    architecture: isText(architecture) ? architecture : 'unknown',
    ...(typeof variant === 'string' && variant && { variant }),
    ...(typeof osVersion === 'string' && osVersion && { osVersion }),
    ...(Array.isArray(osFeatures) &&
      osFeatures.length > 0 && { osFeatures: osFeatures.filter((f) => typeof f === 'string') }),
  }
}

/** True for a JSON object, which an array or null is not. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
