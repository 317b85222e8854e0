import { Readable } from 'node:stream'
import { algorithmOf, type Digest } from '../../oci/digest.ts'
import { Digester, digestOf } from '../../oci/digester.ts'
import { isRegistryError, RegistryError } from '../errors.ts'
import type { BlobOptions, BlobRead, CallOptions } from '../registry.ts'
import { translateFailure } from './failure.ts'
import type { RepositoryContext } from './repository-context.ts'
import { pullScope } from './scope.ts'
import { discard, discardNow, type HttpResponse, header, hostOf } from './transport.ts'

const BLOB_LIMIT = 8 * 1024 * 1024
const RESUMES = 3

/** HEAD; undefined when the registry says that it is not there. */
export async function statBlob(
  context: RepositoryContext,
  digest: Digest,
  options: CallOptions = {},
): Promise<{ size: number } | undefined> {
  let response: HttpResponse
  try {
    response = await context.client.head({ ...request(context, digest, options), method: 'HEAD' })
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  }
  const size = lengthOf(response)
  if (size === undefined) throw malformed(context, 'tells no size for a blob')
  return { size }
}

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
  const size = lengthOf(response) ?? (await statBlob(context, digest, options))?.size
  if (size === undefined) {
    discardNow(response)
    throw malformed(context, 'tells no size for a blob')
  }
  const stream = Readable.from(verifiedChunks(context, digest, size, response, options), { objectMode: false })
  return { size, verified: true, stream: closing(stream, response) }
}

async function* verifiedChunks(
  context: RepositoryContext,
  digest: Digest,
  size: number,
  first: HttpResponse,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  const digester = new Digester(algorithmOf(digest))
  let response = first
  for (let resumes = 0; ; resumes++) {
    let failure: unknown
    try {
      for await (const chunk of response.body) {
        const bytes: Uint8Array = chunk
        digester.update(bytes)
        if (digester.size > size) throw wrongSize(context, size, digester.size)
        yield bytes
      }
    } catch (error) {
      failure = translateFailure(error, hostOf(response.address), options.signal)
      if (!isRegistryError(failure, 'unreachable', 'timeout')) throw failure
    }
    if (digester.size === size) break
    if (resumes === RESUMES) throw failure ?? wrongSize(context, size, digester.size)
    // From the registry's own address again: a signed one that a redirect led to may have expired.
    response = await requestRange(context, digest, `bytes=${digester.size}-`, digester.size, options)
  }
  const found = digester.digest()
  if (found !== digest) throw mismatch(context, digest, found)
}

async function openRange(
  context: RepositoryContext,
  digest: Digest,
  range: { start: number; end?: number },
  options: CallOptions,
): Promise<BlobRead> {
  const response = await requestRange(context, digest, `bytes=${range.start}-${range.end ?? ''}`, range.start, options)
  const size = lengthOf(response)
  if (size === undefined || (range.end !== undefined && size > range.end - range.start + 1)) {
    discardNow(response)
    throw malformed(context, 'sent another range of a blob than was asked for')
  }
  const chunks = plainChunks(context, response, options)
  return { size, verified: false, stream: closing(Readable.from(chunks, { objectMode: false }), response) }
}

async function* plainChunks(
  context: RepositoryContext,
  response: HttpResponse,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body
  } catch (error) {
    throw translateFailure(error, context.client.endpoint.host, options.signal)
  }
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
  const from = /^bytes (\d+)-\d+\//.exec(header(response, 'content-range') ?? '')?.[1]
  if (response.status === 206 && from !== undefined && Number(from) === start) return response
  discardNow(response)
  if (response.status === 206) throw malformed(context, 'sent another range of a blob than was asked for')
  throw new RegistryError('unsupported', `${context.client.endpoint.host} does not send parts of blobs`, {
    host: context.client.endpoint.host,
    repository: context.name,
  })
}

/** A stream that is given up before it was read must give up the connection too. */
function closing(stream: Readable, response: HttpResponse): Readable {
  return stream.once('close', () => {
    if (!response.body.destroyed) discardNow(response)
  })
}

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
  const message = `${host} announced a blob of ${expected} bytes and sent ${found}`
  return new RegistryError('size-mismatch', message, {
    host,
    repository: context.name,
    expected: `${expected}`,
    found: `${found}`,
  })
}

function mismatch(context: RepositoryContext, expected: Digest, found: Digest): RegistryError {
  const { host } = context.client.endpoint
  const message = `${host} sent content that is not ${expected}`
  return new RegistryError('digest-mismatch', message, { host, repository: context.name, expected, found })
}
