import { decode, Tagged } from 'cborg'
import { FormatError } from './format-error.ts'

/** What a COSE signature signs, and what stands beside it. The signature is not checked. */
export interface CoseSign1 {
  /** By integer or text: RFC 9052, "Common COSE Header Parameters". */
  readonly protectedHeader: ReadonlyMap<unknown, unknown>
  readonly unprotectedHeader: ReadonlyMap<unknown, unknown>
  readonly payload: Uint8Array
}

const COSE_SIGN1 = 18
const EPOCH_TIME = 1

/**
 * Reads RFC 9052's `COSE_Sign1_Tagged`.
 * @throws FormatError with code `signature`
 */
export function parseCoseSign1(bytes: Uint8Array): CoseSign1 {
  const message = decodeCbor(bytes)
  const parts = message instanceof Tagged && message.tag === COSE_SIGN1 ? message.value : undefined
  const [encoded, unprotectedHeader, payload] = Array.isArray(parts) ? parts : []
  // No protected header is written as no bytes.
  const protectedHeader = encoded instanceof Uint8Array && encoded.length > 0 ? decodeCbor(encoded) : new Map()
  if (protectedHeader instanceof Map && unprotectedHeader instanceof Map && payload instanceof Uint8Array)
    return { protectedHeader, unprotectedHeader, payload }
  throw new FormatError(
    'signature',
    parts === undefined ? message : 'other parts',
    'a tagged COSE_Sign1 with a payload',
  )
}

function decodeCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, {
      useMaps: true,
      rejectDuplicateMapKeys: true,
      tags: { ...Tagged.preserve(COSE_SIGN1), [EPOCH_TIME]: (content) => content() },
    })
  } catch (cause) {
    throw new FormatError('signature', 'other bytes', 'CBOR', { cause })
  }
}
