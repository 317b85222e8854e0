import type { Digest } from '../oci/digest.ts'
import type { CallOptions } from './registry.ts'

/** A signature that a registry keeps beside a manifest, neither as a tag nor as a referrer. */
export interface StoredSignature {
  /** `sha256:…@id`: the manifest that was signed, and which of its signatures this is. */
  readonly name: string
  /** The signature as it is, commonly an OpenPGP message. */
  readonly content: Uint8Array
}

/** What a registry keeps of signatures by itself: OpenShift's signature extension. */
export interface SignatureStore {
  /** In the registry's order. Of other kinds than `atomic` are left out. None for a manifest the registry does not hold. */
  list(digest: Digest, options?: CallOptions): Promise<readonly StoredSignature[]>
  /** Adds one signature under a new name, and keeps the others. Resolves to it. Throws `too-large` over 4 MiB. */
  put(digest: Digest, content: Uint8Array, options?: CallOptions): Promise<StoredSignature>
}
