import { isRecord } from './descriptor.ts'
import { type Digest, isDigest } from './digest.ts'
import { FormatError } from './format-error.ts'
import { parseJson } from './json.ts'

/** What a simple-signing payload says was signed (containers/image, "signature format"; cosign signs the same). */
export interface SimpleSigning {
  readonly digest: Digest
  /** The name that the signer gave it; a claim, like everything here, until the signature is checked. */
  readonly reference: string
}

/** @throws FormatError with code `signature` or `json` */
export function parseSimpleSigning(bytes: Uint8Array): SimpleSigning {
  const document = parseJson(bytes)
  const critical = isRecord(document) && isRecord(document.critical) ? document.critical : {}
  const digest = isRecord(critical.image) ? critical.image['docker-manifest-digest'] : undefined
  const reference = isRecord(critical.identity) ? critical.identity['docker-reference'] : undefined
  if (!isDigest(digest)) throw new FormatError('signature', digest, 'a digest at critical.image.docker-manifest-digest')
  return { digest, reference: typeof reference === 'string' ? reference : '' }
}
