import type { Descriptor } from '../../../oci/descriptor.ts'
import { algorithmOf, type Digest, isDigest } from '../../../oci/digest.ts'
import { digestOf } from '../../../oci/digester.ts'
import { FormatError } from '../../../oci/format-error.ts'
import type { Manifest } from '../../../oci/manifest.ts'
import { parseManifest } from '../../../oci/parse-manifest.ts'
import type { TagOrDigest } from '../../../oci/reference.ts'
import { RegistryError } from '../../errors.ts'
import { movedError } from '../../moved-error.ts'
import type { CallOptions, ManifestContent, PutManifestOptions } from '../../registry.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { header } from '../wire/transport.ts'
import { addToFallback } from './fallback-index.ts'
import { digestNow, sendManifest } from './manifests.ts'

/**
 * PUTs a manifest. Where it has a subject and the registry does not say that it took note (`OCI-Subject`), the fallback
 * index is kept right (distribution-spec, "Pushing Manifests with Subject").
 * @throws RegistryError `conflict` when the tag is not as expected, `digest-mismatch` when the bytes have another digest
 * than is named or the registry reports another one, `unsupported` for a sha512 digest under a tag, and whatever it answers
 */
export async function putManifest(
  context: RepositoryContext,
  reference: TagOrDigest,
  content: ManifestContent,
  options: PutManifestOptions = {},
): Promise<Descriptor> {
  const expected = isDigest(reference) ? reference : content.digest
  const manifest = tryParse(content, expected)
  const digest = manifest?.digest ?? digestOf(content.bytes, expected ? algorithmOf(expected) : 'sha256')
  if (expected && digest !== expected)
    throw new RegistryError('digest-mismatch', `the manifest is not ${expected}`, { expected, found: digest })
  if (!isDigest(reference) && algorithmOf(digest) !== 'sha256') throw renamed(context, reference, digest)
  if (options.expect !== undefined) await expectDigest(context, reference, options.expect, options)
  const response = await sendManifest(context, reference, content, options)
  // Of what cannot be read the digest is a guess: that of schema 1 is not the one of its bytes.
  if (manifest) expectStored(context, reference, digest, header(response, 'docker-content-digest'))
  if (manifest?.subject && header(response, 'oci-subject') === undefined)
    await addToFallback(context, manifest.subject.digest, referrerOf(manifest), options)
  return { mediaType: content.mediaType, digest, size: content.bytes.byteLength }
}

/** What a tag points at has the digest that the registry gives it, which is always sha256. */
function renamed({ client, name }: RepositoryContext, reference: TagOrDigest, digest: Digest): RegistryError {
  const { host } = client.endpoint
  const message = `${host} gives what a tag points at a sha256 digest: ${reference} would not be ${digest}, by which it can be pulled`
  return new RegistryError('unsupported', message, { host, repository: name })
}

/** Some registries lay documents out in their own way: then it is another manifest that the tag points at. */
function expectStored(
  context: RepositoryContext,
  reference: TagOrDigest,
  digest: Digest,
  reported: string | undefined,
): void {
  if (!isDigest(reported) || reported === digest || algorithmOf(reported) !== algorithmOf(digest)) return
  const { host } = context.client.endpoint
  const details = { host, repository: context.name, expected: digest, found: reported }
  throw new RegistryError('digest-mismatch', `${host} stored ${reference} as ${reported}, not as ${digest}`, details)
}

/** @throws RegistryError `conflict` unless the tag has this digest now; `null` means that it does not exist */
async function expectDigest(
  context: RepositoryContext,
  reference: TagOrDigest,
  expected: Digest | null,
  options: CallOptions,
): Promise<void> {
  const found = await digestNow(context, reference, options)
  if (found === (expected ?? undefined)) return
  throw movedError({ host: context.client.endpoint.host, repository: context.name }, reference, expected, found)
}

/** What cannot be read is the registry's to judge: it may know types that we do not. */
function tryParse({ bytes, mediaType }: ManifestContent, expected: Digest | undefined): Manifest | undefined {
  try {
    return parseManifest(bytes, { contentType: mediaType, ...(expected && { digest: expected }) })
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

function referrerOf(manifest: Manifest): Descriptor {
  const { mediaType, digest, size, annotations } = manifest
  // distribution-spec: an image that says no artifact type is listed under the type of its config.
  const artifactType = manifest.artifactType ?? ('config' in manifest ? manifest.config.mediaType : undefined)
  return {
    mediaType,
    digest,
    size,
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations.size > 0 && { annotations }),
  }
}
