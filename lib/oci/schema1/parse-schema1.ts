import { isRecord } from '../descriptor.ts'
import { isDigest } from '../digest.ts'
import { FormatError } from '../format-error.ts'
import type { Schema1Document } from './schema1.ts'
import { readDocument, schema1Payload, signaturesOf } from './schema1-payload.ts'

/**
 * Reads a Docker schema 1 manifest, signed or not. Of a signed one only the payload is read: what stands beside the
 * signatures is covered neither by them nor by the digest. Says nothing about their validity: see `verifySchema1`.
 * @throws FormatError with code `schema1` or `json`
 */
export function parseSchema1(bytes: Uint8Array): Schema1Document {
  const outer = readDocument(bytes)
  const payload = schema1Payload(bytes, outer)
  const document = payload === bytes ? outer : readDocument(payload)
  if (document.schemaVersion !== 1) throw new FormatError('schema1', document.schemaVersion, 'schemaVersion 1')
  return {
    name: text(document.name),
    tag: text(document.tag),
    architecture: text(document.architecture),
    layers: readLayers(document.fsLayers, document.history),
    signatures: signaturesOf(outer).length,
  }
}

/** `fsLayers` and `history` run leaf → base and describe each other by position. */
function readLayers(fsLayers: unknown, history: unknown): Schema1Document['layers'] {
  const blobs = Array.isArray(fsLayers) ? fsLayers : []
  const steps = Array.isArray(history) ? history : []
  if (blobs.length !== steps.length || blobs.length === 0)
    throw new FormatError(
      'schema1',
      `${blobs.length} layers, ${steps.length} steps`,
      'one history entry for each layer',
    )
  return blobs
    .map((blob, index) => {
      const digest = isRecord(blob) ? blob.blobSum : undefined
      const step: unknown = steps[index]
      const v1Compatibility = isRecord(step) ? step.v1Compatibility : undefined
      if (!isDigest(digest)) throw new FormatError('schema1', digest, `a digest at fsLayers[${index}].blobSum`)
      if (typeof v1Compatibility !== 'string')
        throw new FormatError('schema1', v1Compatibility, `text at history[${index}].v1Compatibility`)
      return { digest, v1Compatibility }
    })
    .reverse()
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
