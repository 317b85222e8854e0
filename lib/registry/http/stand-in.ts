import { randomBytes } from 'node:crypto'
import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { unsignedSchema1 } from '../../oci/schema1-payload.ts'
import { signSchema1 } from '../../oci/sign-schema1.ts'
import type { ManifestContent } from '../registry.ts'

/** A manifest that stands in for another: the same image under another digest. */
export interface StandIn extends ManifestContent {
  readonly digest: Digest
}

/**
 * The same document followed by insignificant white space that encodes a nonce: whoever pulls meanwhile gets the same
 * image, and no blob has to be uploaded. Schema 1 is signed anew over the longer payload.
 */
export function standInFor(original: Manifest): StandIn {
  const space = nonce()
  const bytes = original.kind === 'schema1' ? resigned(original.bytes, space) : Buffer.concat([original.bytes, space])
  const { mediaType } = original
  return { mediaType, bytes, digest: parseManifest(bytes, { contentType: mediaType }).digest }
}

/** For registries that strip white space: the same document with one annotation more. Undefined where there is no place for it. */
export function annotatedStandInFor(original: Manifest): StandIn | undefined {
  if (original.kind !== 'oci-image' && original.kind !== 'index' && original.kind !== 'oci-artifact') return undefined
  if (!original.mediaType.startsWith('application/vnd.oci.')) return undefined
  const document: unknown = JSON.parse(new TextDecoder().decode(original.bytes))
  if (typeof document !== 'object' || document === null) return undefined
  const annotations = {
    ...Object.fromEntries(original.annotations),
    'dev.lading.stand-in': randomBytes(16).toString('hex'),
  }
  const bytes = Buffer.from(JSON.stringify({ ...document, annotations }))
  return {
    mediaType: original.mediaType,
    bytes,
    digest: parseManifest(bytes, { contentType: original.mediaType }).digest,
  }
}

/** 64 bits, a space or a tab each, after a line break. */
function nonce(): Buffer {
  const bits = [...randomBytes(8)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Buffer.from(`\n${bits.replaceAll('0', ' ').replaceAll('1', '\t')}`)
}

function resigned(bytes: Uint8Array, space: Buffer): Uint8Array {
  const payload = Buffer.from(unsignedSchema1(bytes))
  const brace = payload.lastIndexOf('}')
  if (brace < 0) throw new FormatError('schema1', payload.toString('utf8'), 'a JSON object')
  return signSchema1(Buffer.concat([payload.subarray(0, brace), space, payload.subarray(brace)]))
}
