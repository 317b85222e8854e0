import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import { parseSimpleSigning } from '../../oci/simple-signing.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { type Attachment, attach, uploadBlob } from './attach.ts'
import { addCosignLayers } from './cosign-layers.ts'

/** A signature that was made elsewhere, in the form in which it is to be kept. Lading makes and checks none. */
export type NewSignature =
  /** A manifest with a `subject`: Notation's signatures, Sigstore bundles. */
  | ({ readonly form: 'referrer' } & Attachment)
  /** A layer under cosign's `.sig` tag. */
  | {
      readonly form: 'cosign'
      /** The simple-signing document, exactly as it was signed. */
      readonly payload: Uint8Array
      /** Base64. */
      readonly signature: string
      /** PEM, for signatures without a long-lived key. */
      readonly certificate?: string
      readonly chain?: string
      /** JSON: the transparency log's entry. */
      readonly bundle?: string
    }
  /** A layer under cosign's `.att` tag. */
  | { readonly form: 'cosign-attestation'; readonly envelope: Uint8Array; readonly predicateType: string }
  /** In the registry's own signature store; commonly an OpenPGP message. */
  | { readonly form: 'store'; readonly content: Uint8Array }

/** Where it is kept: a manifest, a tag with the digest of what it holds now, or a name in the store. */
export type PlacedSignature =
  | { readonly form: 'referrer'; readonly digest: Digest }
  | { readonly form: 'cosign' | 'cosign-attestation'; readonly tag: Tag; readonly digest: Digest }
  | { readonly form: 'store'; readonly name: string }

const SUFFIX = { cosign: 'sig', 'cosign-attestation': 'att' } as const

/**
 * Keeps a signature beside what was signed, where `listReferrers` finds it. Signatures that are there stay, also when
 * several writers come at once. Neither the subject nor a tag that people made is changed.
 * @throws RegistryError `not-found` when there is no such subject, `invalid` when the payload names another manifest,
 *   `unsupported` when the registry has no signature store or cosign's tag holds something else; FormatError `signature`
 */
export async function putSignature(
  repository: Repository,
  subject: Selector,
  signature: NewSignature,
  { signal }: CallOptions = {},
): Promise<PlacedSignature> {
  const options = { signal }
  const { form } = signature
  if (form === 'referrer') return { form, digest: (await attach(repository, subject, signature, options)).digest }
  const { digest } = await repository.resolve(subject, options)
  switch (form) {
    case 'cosign':
    case 'cosign-attestation': {
      const layer = await uploadBlob(repository, cosignBlob(signature, digest), options)
      const { annotations, ...descriptor } = layer
      const layers: Descriptor[] = [
        { ...descriptor, ...(annotations && { annotations: new Map(Object.entries(annotations)) }) },
      ]
      return { form, ...(await addCosignLayers(repository, digest, SUFFIX[form], layers, options)) }
    }
    case 'store': {
      const store = await repository.signatures(options)
      if (!store)
        throw new RegistryError('unsupported', `${repository.registry.location} can’t store signatures`, {
          host: repository.registry.location,
          repository: repository.name,
        })
      return { form, name: (await store.put(digest, signature.content, options)).name }
    }
  }
}

function cosignBlob(signature: Extract<NewSignature, { form: 'cosign' | 'cosign-attestation' }>, subject: Digest) {
  if (signature.form === 'cosign-attestation') {
    const { envelope, predicateType } = signature
    const annotations = { 'dev.cosignproject.cosign/signature': '', predicateType }
    return { mediaType: 'application/vnd.dsse.envelope.v1+json', content: envelope, annotations }
  }
  const { payload, signature: text, certificate, chain, bundle } = signature
  const signed = parseSimpleSigning(payload)
  if (signed.digest !== subject)
    throw new RegistryError('invalid', `the signature is for ${signed.digest}, not for ${subject}`, {
      expected: subject,
      found: signed.digest,
    })
  const annotations = {
    'dev.cosignproject.cosign/signature': text,
    ...(certificate && { 'dev.sigstore.cosign/certificate': certificate }),
    ...(chain && { 'dev.sigstore.cosign/chain': chain }),
    ...(bundle && { 'dev.sigstore.cosign/bundle': bundle }),
  }
  return { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', content: payload, annotations }
}
