import { isRecord } from './descriptor.ts'
import { parseJson } from './json.ts'

/**
 * What a Sigstore bundle or a DSSE envelope holds, as a parsed document; whatever else is given comes back as it is.
 * Undefined for an envelope around something else than JSON. The signatures on it are not checked.
 * @throws FormatError with code `json`
 */
export function openEnvelope(document: unknown, limits: { readonly maxBytes?: number } = {}): unknown {
  if (!isRecord(document)) return document
  const envelope = isRecord(document.dsseEnvelope) ? document.dsseEnvelope : document
  const { payload, payloadType } = envelope
  if (typeof payload !== 'string' || typeof payloadType !== 'string') return document
  return payloadType.includes('json') ? parseJson(Buffer.from(payload, 'base64'), limits) : undefined
}
