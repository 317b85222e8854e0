import { randomBytes } from 'node:crypto'
import type { Digest } from '../oci/digest.ts'
import { digestOf } from '../oci/digester.ts'
import { FormatError } from '../oci/format-error.ts'
import type { Manifest } from '../oci/manifest.ts'
import { MEDIA_TYPE } from '../oci/media-type.ts'
import { parseManifest } from '../oci/parse-manifest.ts'
import { unsignedSchema1 } from '../oci/schema1/schema1-payload.ts'
import { signSchema1 } from '../oci/schema1/sign-schema1.ts'
import type { ManifestContent, PlaceholderForm } from './registry.ts'

/** A manifest that takes the tag of another, so that the tag can be deleted by a digest that nothing else has. */
export interface Placeholder extends ManifestContent {
  readonly form: PlaceholderForm
  readonly digest: Digest
  /** Identifies it even if a registry rewrites the document. Absent where only white space could hold it. */
  readonly nonce?: string
}

export interface EmptyPlaceholder extends Placeholder {
  /** A blob that has to be there before the manifest and can go after it: nothing else has it. */
  readonly config: Uint8Array
}

/** Annotations and labels of placeholders, by which those of earlier versions are recognized, too. */
const ORIGINAL = 'dev.lading.stand-in.original'
const NONCE = 'dev.lading.stand-in.nonce'

/**
 * The same document followed by insignificant white space that encodes a nonce: no blob has to be uploaded. Schema 1 is
 * signed again over the longer payload.
 */
export function whiteSpacePlaceholder(original: Manifest): Placeholder {
  const space = blanks()
  const bytes = original.kind === 'schema1' ? resigned(original.bytes, space) : Buffer.concat([original.bytes, space])
  return { form: 'white-space', ...contentOf(original.mediaType, bytes) }
}

/** For registries that strip or refuse white space. Undefined where the document has no place for annotations. */
export function annotatedPlaceholder(original: Manifest): Placeholder | undefined {
  if (original.kind !== 'oci-image' && original.kind !== 'index' && original.kind !== 'oci-artifact') return undefined
  if (!original.mediaType.startsWith('application/vnd.oci.')) return undefined
  const document: unknown = JSON.parse(new TextDecoder().decode(original.bytes))
  if (typeof document !== 'object' || document === null) return undefined
  const nonce = randomBytes(16).toString('hex')
  const annotations = { ...Object.fromEntries(original.annotations), ...marks(original.digest, nonce) }
  const bytes = Buffer.from(JSON.stringify({ ...document, annotations }))
  return { form: 'annotation', nonce, ...contentOf(original.mediaType, bytes) }
}

/** An image without layers, for registries that take no equivalent at all. */
export function emptyPlaceholder(original: Manifest): EmptyPlaceholder {
  const nonce = randomBytes(16).toString('hex')
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: marks(original.digest, nonce) },
      rootfs: { type: 'layers', diff_ids: [] },
    }),
  )
  const document = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(config), size: config.byteLength },
    layers: [],
    annotations: marks(original.digest, nonce),
  }
  return { form: 'empty', nonce, config, ...contentOf(MEDIA_TYPE.ociManifest, Buffer.from(JSON.stringify(document))) }
}

/** Whether this is the placeholder, also under another digest if the registry rewrites documents. */
export function isPlaceholder(found: Manifest, { digest, nonce }: Placeholder): boolean {
  return found.digest === digest || (nonce !== undefined && found.annotations.get(NONCE) === nonce)
}

/** Whether a manifest is a placeholder for the original, of any run of any process. */
export function isPlaceholderFor(
  found: Manifest,
  original: { readonly digest: Digest; readonly bytes: Uint8Array },
): boolean {
  if (found.annotations.get(ORIGINAL) === original.digest) return true
  const { length } = original.bytes
  if (length === 0 || found.size <= length) return false
  const text = Buffer.from(found.bytes)
  return text.subarray(0, length).equals(original.bytes) && /^\n[ \t]+$/.test(text.toString('latin1', length))
}

function marks(original: Digest, nonce: string): Record<string, string> {
  return { [ORIGINAL]: original, [NONCE]: nonce }
}

function contentOf(mediaType: string, bytes: Uint8Array): ManifestContent & { readonly digest: Digest } {
  return { mediaType, bytes, digest: parseManifest(bytes, { contentType: mediaType }).digest }
}

/** 64 bits, a space or a tab each, after a line break. */
function blanks(): Buffer {
  const bits = [...randomBytes(8)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Buffer.from(`\n${bits.replaceAll('0', ' ').replaceAll('1', '\t')}`)
}

function resigned(bytes: Uint8Array, space: Buffer): Uint8Array {
  const payload = Buffer.from(unsignedSchema1(bytes))
  const brace = payload.lastIndexOf('}')
  if (brace < 0) throw new FormatError('schema1', payload.toString('utf8'), 'a JSON object')
  return signSchema1(Buffer.concat([payload.subarray(0, brace), space, payload.subarray(brace)]))
}
