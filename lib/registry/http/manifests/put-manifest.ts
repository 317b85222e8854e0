import type { Descriptor } from '../../../oci/descriptor.ts'
import { algorithmOf, type Digest, isDigest } from '../../../oci/digest.ts'
import { digestOf } from '../../../oci/digester.ts'
import { FormatError } from '../../../oci/format-error.ts'
import type { Manifest } from '../../../oci/manifest.ts'
import { parseManifest } from '../../../oci/parse-manifest.ts'
import type { Selector } from '../../../oci/reference.ts'
import { RegistryError } from '../../errors.ts'
import { movedError } from '../../moved-error.ts'
import type { CallOptions, ManifestContent, PutManifestOptions } from '../../registry.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { header } from '../wire/transport.ts'
import { addToFallback } from './fallback-index.ts'
import { digestIfPresent, digestNow, sendManifest } from './manifests.ts'

/**
 * PUTs a manifest. Where it has a subject and the registry does not say that it took note (`OCI-Subject`), the fallback
 * index is kept right (distribution-spec, "Pushing Manifests with Subject").
 * @throws RegistryError `conflict` when the tag is not as expected, `digest-mismatch` when the bytes have another digest
 * than is named or the registry reports another one, `unsupported` for a sha512 digest under a tag, and whatever it answers
 */
export async function putManifest(
  context: RepositoryContext,
  reference: Selector,
  content: ManifestContent,
  options: PutManifestOptions = {},
): Promise<Descriptor> {
  const expected = isDigest(reference) ? reference : content.digest
  const manifest = tryParse(content, expected)
  const digest = manifest?.digest ?? digestOf(content.bytes, expected ? algorithmOf(expected) : 'sha256')
  if (expected && digest !== expected)
    throw new RegistryError('digest-mismatch', `the manifest isn’t ${expected}`, { expected, found: digest })
  if (!isDigest(reference) && algorithmOf(digest) !== 'sha256') throw renamed(context, reference, digest)
  if (options.expect !== undefined) await expectDigest(context, reference, options.expect, options)
  const response = await sendManifest(context, reference, content, options)
  // For an unreadable manifest the digest is a guess: that of schema 1 isn't the one of its bytes.
  if (manifest) expectStored(context, reference, digest, header(response, 'docker-content-digest'))
  if (manifest?.subject && header(response, 'oci-subject') === undefined)
    await addToFallback(context, manifest.subject.digest, referrerOf(manifest), options)
  return { mediaType: content.mediaType, digest, size: content.bytes.byteLength }
}

/** What a tag points at has the digest that the registry gives it, which is always sha256. */
function renamed({ client, name }: RepositoryContext, reference: Selector, digest: Digest): RegistryError {
  const { host } = client.endpoint
  const message = `${host} stores tagged manifests under a sha256 digest, so ${reference} would no longer be ${digest}: push it by digest instead`
  return new RegistryError('unsupported', message, { host, repository: name })
}

/** Some registries reformat documents: then the tag points at another manifest. */
function expectStored(
  context: RepositoryContext,
  reference: Selector,
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
  reference: Selector,
  expected: Digest | null,
  options: CallOptions,
): Promise<void> {
  const look = expected === null ? digestIfPresent : digestNow
  const found = await look(context, reference, options)
  if (found === (expected ?? undefined)) return
  throw movedError({ host: context.client.endpoint.host, repository: context.name }, reference, expected, found)
}

/** The registry judges unreadable manifests: it may know types that we don't. */
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
