import { Readable } from 'node:stream'
import { algorithmOf, type Digest } from '../../../oci/digest.ts'
import { digestOf } from '../../../oci/digester.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import type { BlobOptions, BlobRead, CallOptions, StatBlobOptions } from '../../registry.ts'
import { pullScope } from '../auth/token-scope.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { translateFailure } from '../wire/failure.ts'
import { discard, discardNow, type HttpResponse, header, hostOf } from '../wire/transport.ts'
import { VerifiedBlob, wrongBlob, wrongBlobSize } from './verified-blob.ts'

const BLOB_LIMIT = 8 * 1024 * 1024
const REFUSES_HEAD = [200, 400, 403, 405]
const DENIES_BY_HEAD = [...REFUSES_HEAD, 404, 410]

/**
 * HEAD; where it is refused, denies the blob or gives no length, or one of 0 as some proxies do (yusing/godoxy#169), the
 * headers of a GET of the first byte. Undefined when the registry says that it is not there. @throws RegistryError `malformed` when no answer tells the size, and whatever is refused
 */
export async function statBlob(
  context: RepositoryContext,
  digest: Digest,
  options: StatBlobOptions = {},
): Promise<{ size: number } | undefined> {
  const asked = request(context, digest, options)
  try {
    const head = await context.client.head({
      ...asked,
      method: 'HEAD',
      ok: options.trustHead ? REFUSES_HEAD : DENIES_BY_HEAD,
    })
    const size = head.status === 200 ? lengthOf(head) : undefined
    return { size: size || (await sizeByGet(context, digest, options)) }
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  }
}

/** An empty blob has no first byte: 416 states its size, too (RFC 9110, 15.5.17). */
async function sizeByGet(context: RepositoryContext, digest: Digest, options: CallOptions): Promise<number> {
  const response = await context.client.send({
    ...request(context, digest, options),
    method: 'GET',
    headers: { range: 'bytes=0-0' },
    ok: [200, 206, 416],
  })
  if (response.status === 200) discardNow(response)
  else await discard(response)
  const whole = /^bytes [-*\d]+\/(\d{1,15})$/.exec(header(response, 'content-range') ?? '')?.[1]
  const size = response.status === 200 ? lengthOf(response) : whole === undefined ? undefined : Number(whole)
  if (size === undefined) throw malformed(context, 'doesn’t report the size of a blob')
  return size
}

/**
 * A whole blob of at most `limit` bytes (default 8 MiB), whose digest is verified.
 * @throws RegistryError `not-found`, `too-large`, `digest-mismatch`
 */
export async function readBlobBytes(
  context: RepositoryContext,
  digest: Digest,
  options: CallOptions & { limit?: number } = {},
): Promise<Uint8Array> {
  const { bytes } = await context.client.read(
    { ...request(context, digest, options), method: 'GET' },
    options.limit ?? BLOB_LIMIT,
  )
  const found = digestOf(bytes, algorithmOf(digest))
  if (found !== digest) throw mismatch(context, digest, found)
  return bytes
}

/**
 * A stream of the blob. When the connection breaks in the middle the rest is asked for by Range, up to three times; the
 * whole is hashed as it passes, and a wrong digest fails the stream before its end.
 */
export async function openBlob(
  context: RepositoryContext,
  digest: Digest,
  options: BlobOptions = {},
): Promise<BlobRead> {
  if (options.range) return openRange(context, digest, options.range, options)
  const response = await context.client.send({ ...request(context, digest, options), method: 'GET', stream: true })
  let size: number | undefined
  try {
    size = lengthOf(response) ?? (await statBlob(context, digest, options))?.size
    if (size === undefined) throw malformed(context, 'sent a blob that it reported as missing')
  } catch (error) {
    discardNow(response)
    throw error
  }
  const open = {
    host: hostOf(response.address),
    response,
    digest,
    size,
    rest: (from: number) => requestRange(context, digest, `bytes=${from}-`, from, options),
    signal: options.signal,
  }
  return {
    size,
    verified: true,
    stream: new VerifiedBlob(open, { host: context.client.endpoint.host, repository: context.name }),
  }
}

async function openRange(
  context: RepositoryContext,
  digest: Digest,
  range: { start: number; end?: number },
  options: CallOptions,
): Promise<BlobRead> {
  const response = await requestRange(context, digest, `bytes=${range.start}-${range.end ?? ''}`, range.start, options)
  // Sent in chunks, an answer has no length, but says which bytes it is.
  const last = contentRange(response)?.last ?? Number.NaN
  const size = lengthOf(response) ?? last - range.start + 1
  if (!(size >= 0) || (range.end !== undefined && size > range.end - range.start + 1)) {
    discardNow(response)
    throw malformed(context, 'sent another range of a blob than was asked for')
  }
  const stream = Readable.from(rangeChunks(context, size, response, options), { objectMode: false })
  return { size, verified: false, stream: withBody(stream, response) }
}

/**
 * Destroying the stream also closes the connection at once: a generator that waits for a stalled registry would
 * hear of it only with the next piece.
 */
function withBody(stream: Readable, response: HttpResponse): Readable {
  const destroy = stream._destroy
  stream._destroy = (error, callback) => {
    discardNow(response)
    destroy.call(stream, error, callback)
  }
  return stream
}

async function* rangeChunks(
  context: RepositoryContext,
  size: number,
  response: HttpResponse,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  let sent = 0
  try {
    for await (const chunk of response.body) {
      const bytes: Uint8Array = chunk
      sent += bytes.byteLength
      if (sent > size) break
      yield bytes
    }
  } catch (error) {
    throw translateFailure(error, context.client.endpoint.host, options.signal)
  }
  if (sent !== size) throw wrongSize(context, size, sent)
}

/** 206 counts only when it starts where it was asked to: some proxies answer with another part, or with everything. */
async function requestRange(
  context: RepositoryContext,
  digest: Digest,
  range: string,
  start: number,
  options: CallOptions,
): Promise<HttpResponse> {
  const response = await context.client.send({
    ...request(context, digest, options),
    method: 'GET',
    stream: true,
    headers: { range },
    ok: [200, 206],
  })
  if (response.status === 206 && contentRange(response)?.first === start) return response
  discardNow(response)
  if (response.status === 206) throw malformed(context, 'sent another range of a blob than was asked for')
  throw new RegistryError('unsupported', `${context.client.endpoint.host} doesn’t send parts of blobs`, {
    host: context.client.endpoint.host,
    repository: context.name,
  })
}

function contentRange(response: HttpResponse): { first: number; last: number } | undefined {
  const found = /^bytes (\d{1,15})-(\d{1,15})\//.exec(header(response, 'content-range') ?? '')
  return found ? { first: Number(found[1]), last: Number(found[2]) } : undefined
}

/** DELETEs a blob, even if other manifests need it. @throws RegistryError `not-found`, `deletes-disabled`, `unsupported`, `denied` */
export async function removeBlob(
  context: RepositoryContext,
  digest: Digest,
  scopes: readonly string[],
  options: CallOptions = {},
) {
  const response = await context.client.send({
    ...request(context, digest, options),
    method: 'DELETE',
    scopes,
    ok: [202, 200, 204],
  })
  await discard(response)
}

function request(context: RepositoryContext, digest: Digest, options: CallOptions) {
  return {
    to: `${context.name}/blobs/${digest}`,
    scopes: pullScope(context.name),
    repository: context.name,
    signal: options.signal,
  }
}

function lengthOf(response: HttpResponse): number | undefined {
  const text = header(response, 'content-length')
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function malformed(context: RepositoryContext, what: string): RegistryError {
  const { host } = context.client.endpoint
  return new RegistryError('malformed', `${host} ${what}`, { host, repository: context.name })
}

function wrongSize(context: RepositoryContext, expected: number, found: number): RegistryError {
  const { host } = context.client.endpoint
  return wrongBlobSize({ host, repository: context.name }, expected, found)
}

function mismatch(context: RepositoryContext, expected: Digest, found: Digest): RegistryError {
  const { host } = context.client.endpoint
  return wrongBlob({ host, repository: context.name }, expected, found)
}
