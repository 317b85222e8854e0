import type { Descriptor } from '../../../oci/descriptor.ts'
import { algorithmOf, type Digest, isDigest } from '../../../oci/digest.ts'
import { digestOf } from '../../../oci/digester.ts'
import { FormatError } from '../../../oci/format-error.ts'
import type { Manifest } from '../../../oci/manifest.ts'
import { bareMediaType, isManifestType, MANIFEST_ACCEPT, MEDIA_TYPE } from '../../../oci/media-type.ts'
import { parseManifest } from '../../../oci/parse-manifest.ts'
import type { Selector } from '../../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import { expectAccepted } from '../../expect-accepted.ts'
import type { CallOptions, ManifestContent, ManifestOptions } from '../../registry.ts'
import { pullScope, pushScope } from '../auth/token-scope.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { discard, type HttpResponse, header } from '../wire/transport.ts'

const MANIFEST_LIMIT = 8 * 1024 * 1024
const ACCEPT = MANIFEST_ACCEPT.join(', ')
/** With these a HEAD proves nothing, and the GET decides. */
const HEAD_OK = [200, 400, 403, 404, 405, 410, 412, 501]
const GET_OK = [200, 304]
/** 400: distribution 2.8 could not make the schema 1 of an image that has no history. */
const NOT_ACCEPTABLE: ReadonlySet<number | undefined> = new Set([400, 406])
const PUT_OK = [201, 200, 202, 204]

/**
 * HEAD; GET where the answer has no digest, no length or no manifest's type (static servers call everything JSON, some
 * proxies give a length of 0), where HEAD is refused (ECR Public), and where it denies the manifest: Nexus answers 404 to
 * HEAD for manifests that it serves to GET.
 */
export async function resolveManifest(
  context: RepositoryContext,
  reference: Selector,
  options: CallOptions = {},
): Promise<Descriptor> {
  const response = await context.client.head({
    ...request(context, reference, options),
    method: 'HEAD',
    ok: HEAD_OK,
  })
  const digest = header(response, 'docker-content-digest')
  const mediaType = bareMediaType(header(response, 'content-type'))
  const size = Number(header(response, 'content-length') ?? Number.NaN)
  if (response.status !== 200 || !isDigest(digest) || !isManifestType(mediaType) || !(size > 0)) {
    const manifest = await fetchManifest(context, reference, options)
    return { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size }
  }
  if (isDigest(reference) && digest !== reference && algorithmOf(digest) === algorithmOf(reference))
    throw mismatch(context, reference, digest)
  return { mediaType, digest: isDigest(reference) ? reference : digest, size }
}

/** The current descriptor of the reference; undefined if it doesn't exist. */
export async function digestNow(
  context: RepositoryContext,
  reference: Selector,
  options: CallOptions,
): Promise<Digest | undefined> {
  try {
    return (await resolveManifest(context, reference, options)).digest
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  }
}

/** The same for a likely absent reference: only a GET can prove it, so it's sent at once. */
export async function digestIfPresent(
  context: RepositoryContext,
  reference: Selector,
  options: CallOptions = {},
): Promise<Digest | undefined> {
  try {
    return (await fetchManifest(context, reference, options)).digest
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    // It exists, but can't be read or isn't a manifest.
    if (error instanceof FormatError || isRegistryError(error, 'too-large'))
      return digestNow(context, reference, options)
    throw error
  }
}

/**
 * GET; the digest is computed from the bytes. Asked by digest it must be that one; asked by tag our own digest counts,
 * whatever the registry's header says.
 */
export async function fetchManifest(
  context: RepositoryContext,
  reference: Selector,
  options: ManifestOptions = {},
): Promise<Manifest> {
  const { host } = context.client.endpoint
  try {
    const manifest = await readManifest(context, reference, options)
    return expectAccepted(manifest, reference, options.accept, { host, repository: context.name })
  } catch (error) {
    if (!options.accept || !isRegistryError(error) || !NOT_ACCEPTABLE.has(error.status)) throw error
    const message = `${host} has no ${reference} of the types asked for`
    throw new RegistryError('not-found', message, { host, repository: context.name }, { cause: error })
  }
}

async function readManifest(
  context: RepositoryContext,
  reference: Selector,
  options: ManifestOptions,
): Promise<Manifest> {
  const held = options.held
  const asked = request(context, reference, options)
  if (options.accept) asked.headers.accept = options.accept.join(', ')
  const last = held?.last && held.find(held.last) ? held.last : undefined
  if (last) asked.headers['if-none-match'] = `"${last}"`
  const { response, bytes } = await context.client.read(
    { ...asked, method: 'GET', ok: last ? GET_OK : undefined },
    MANIFEST_LIMIT,
  )
  if (response.status === 304) {
    const manifest = last && held?.find(last)
    if (manifest) return manifest
    const { held: _, ...rest } = options
    return readManifest(context, reference, rest)
  }
  const known = held?.find(digestOf(bytes))
  if (known && (!isDigest(reference) || known.digest === reference)) return known
  return verified(context, reference, response, bytes)
}

function verified(
  context: RepositoryContext,
  reference: Selector,
  response: HttpResponse,
  bytes: Uint8Array,
): Manifest {
  const contentType = header(response, 'content-type')
  const wanted = isDigest(reference) ? reference : undefined
  try {
    const manifest = parseManifest(bytes, {
      ...(contentType !== undefined && { contentType }),
      ...(wanted && { digest: wanted }),
    })
    if (wanted && manifest.digest !== wanted) throw mismatch(context, wanted, manifest.digest)
    return manifest
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const { host } = context.client.endpoint
    if (bareMediaType(contentType) === 'text/html')
      throw new RegistryError('malformed', `${host} answered with a web page where a manifest was expected`, {
        host,
        repository: context.name,
      })
    // Damaged bytes often aren't JSON any more: a digest mismatch is the better explanation.
    const found = wanted && digestOf(bytes, algorithmOf(wanted))
    if (wanted && found && found !== wanted && !isSchema1(contentType)) throw mismatch(context, wanted, found)
    throw error
  }
}

/** Its digest isn't that of its bytes. */
function isSchema1(contentType: string | undefined): boolean {
  const mediaType = bareMediaType(contentType)
  return mediaType === MEDIA_TYPE.schema1 || mediaType === MEDIA_TYPE.schema1Signed
}

/** PUTs the bytes as they are. The result says how the registry stored them, for callers that need to know. */
export async function sendManifest(
  context: RepositoryContext,
  reference: Selector,
  content: ManifestContent,
  options: CallOptions = {},
): Promise<HttpResponse> {
  const response = await context.client.send({
    method: 'PUT',
    to: `${context.name}/manifests/${reference}`,
    scopes: pushScope(context.name),
    headers: { 'content-type': content.mediaType },
    body: content.bytes,
    ok: PUT_OK,
    repository: context.name,
    signal: options.signal,
  })
  await discard(response)
  return response
}

function request(context: RepositoryContext, reference: Selector, options: CallOptions) {
  return {
    to: `${context.name}/manifests/${reference}`,
    scopes: pullScope(context.name),
    headers: { accept: ACCEPT } as Record<string, string>,
    repository: context.name,
    signal: options.signal,
  }
}

function mismatch(context: RepositoryContext, expected: Digest, found: Digest): RegistryError {
  const { host } = context.client.endpoint
  const message = `${host} sent content that isn’t ${expected}`
  return new RegistryError('digest-mismatch', message, { host, repository: context.name, expected, found })
}
