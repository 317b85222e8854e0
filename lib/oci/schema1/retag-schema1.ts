import type { RepositoryName, Tag } from '../reference.ts'
import { readDocument, unsignedSchema1 } from './schema1-payload.ts'
import { type SignOptions, signSchema1 } from './sign-schema1.ts'

/**
 * The manifest under another tag. A schema 1 manifest names its own tag, so it gets a new digest and a new signature;
 * the signer of the old one hasn't signed this.
 * @throws FormatError with code `schema1` or `json`
 */
export function retagSchema1(bytes: Uint8Array, tag: Tag, options?: SignOptions): Uint8Array {
  return rewrite(bytes, { tag }, options)
}

/** The manifest in another repository, and perhaps under another tag, signed again. @throws FormatError */
export function renameSchema1(bytes: Uint8Array, name: RepositoryName, tag?: Tag, options?: SignOptions): Uint8Array {
  return rewrite(bytes, { name, ...(tag && { tag }) }, options)
}

function rewrite(bytes: Uint8Array, fields: { name?: string; tag?: string }, options?: SignOptions): Uint8Array {
  const document = { ...readDocument(unsignedSchema1(bytes)), ...fields }
  return signSchema1(Buffer.from(JSON.stringify(document, null, 3)), options)
}
