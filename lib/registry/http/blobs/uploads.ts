import type { Readable } from 'node:stream'
import { algorithmOf, type Digest } from '../../../oci/digest.ts'
import { Digester, digestOf } from '../../../oci/digester.ts'
import type { RepositoryName } from '../../../oci/reference.ts'
import { withSignal } from '../../cache/single-flight.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import type { CallOptions, PutBlobOptions } from '../../registry.ts'
import { TRIES } from '../../tries.ts'
import { mergeScopes, pullScope, pushScope } from '../auth/token-scope.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { wasReset } from '../wire/failure.ts'
import { type Address, sameOrigin } from '../wire/redirect.ts'
import { discard, type HttpResponse, header } from '../wire/transport.ts'
import { chunksOf, follow } from './upload-source.ts'

/** The buffer for an upload of unknown size, so that a failed chunk can be sent again. */
const CHUNK = 8 * 1024 * 1024
const LARGEST_CHUNK = 64 * 1024 * 1024

/**
 * Uploads: in one PUT when digest and size are known, else in chunks. Bytes are checked against `digest` before anything
 * is sent; a stream is checked by the registry, which refuses other content than the digest it is given.
 */
export async function uploadBlob(
  context: RepositoryContext,
  content: Uint8Array | Readable,
  options: PutBlobOptions = {},
): Promise<{ digest: Digest; size: number }> {
  if (content instanceof Uint8Array) return uploadBytes(context, content, options)
  const { digest, size, signal } = options
  // It may fail before anybody reads it, and an unhandled error ends the process.
  content.on('error', () => undefined)
  if (signal?.aborted) {
    content.destroy()
    throw signal.reason
  }
  let session: Session | undefined
  // A stalled source would notice only with its next piece, which may never come.
  const aborted = () => content.destroy()
  signal?.addEventListener('abort', aborted, { once: true })
  // To its end, so that a session whose caller leaves meanwhile can be cancelled.
  const beginning = begin(context, {})
  try {
    session = await withSignal(beginning, signal)
    if (content.errored) throw content.errored
    if (digest === undefined || size === undefined) return await uploadChunks(context, session, content, options)
    follow(content, options)
    await finish(context, session.address, digest, content, size, options)
    return { digest, size }
  } catch (error) {
    content.destroy()
    if (session) await cancel(context, session.address)
    else void beginning.then(({ address }) => cancel(context, address)).catch(() => undefined)
    throw signal?.aborted ? signal.reason : error
  } finally {
    signal?.removeEventListener('abort', aborted)
  }
}

/** Mounts a blob of a sibling repository; false when the registry wants the bytes instead. */
export async function mountBlob(
  context: RepositoryContext,
  digest: Digest,
  from: RepositoryName,
  options: CallOptions = {},
): Promise<boolean> {
  const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`
  let response: HttpResponse
  try {
    response = await context.client.head({
      method: 'POST',
      to: `${context.name}/blobs/uploads/?${query}`,
      scopes: mergeScopes(pushScope(context.name), pullScope(from)),
      headers: { 'content-length': '0' },
      ok: [201, 202],
      retry: true,
      repository: context.name,
      signal: options.signal,
    })
  } catch (error) {
    if (isRegistryError(error, ...NOT_MOUNTED)) return false
    throw error
  }
  if (response.status === 201) return true
  await cancel(context, locationOf(context, response))
  return false
}

/**
 * Where 202 is due: `missing-content` for 404 BLOB_UNKNOWN when the sibling lacks the blob (CUE's ociregistry),
 * `unauthorized` when the account may not read the sibling (goharbor/harbor#17097). Refused altogether, the upload fails.
 */
const NOT_MOUNTED = ['unsupported', 'invalid', 'not-found', 'missing-content', 'denied', 'unauthorized'] as const

async function uploadBytes(context: RepositoryContext, bytes: Uint8Array, options: PutBlobOptions) {
  const digest = digestOf(bytes, options.digest ? algorithmOf(options.digest) : 'sha256')
  if (options.digest !== undefined && options.digest !== digest)
    throw new RegistryError('digest-mismatch', `the content is not ${options.digest}`, {
      expected: options.digest,
      found: digest,
    })
  if (options.size !== undefined && options.size !== bytes.byteLength)
    throw new RegistryError('size-mismatch', `the content does not have ${options.size} bytes`)
  // A session does not survive a broken connection everywhere: the next try begins a new one.
  for (let attempt = 1; ; attempt++) {
    const session = await begin(context, options)
    try {
      await finish(context, session.address, digest, bytes, bytes.byteLength, options)
      options.onProgress?.(bytes.byteLength)
      return { digest, size: bytes.byteLength }
    } catch (error) {
      await cancel(context, session.address)
      if (attempt === TRIES || !(wasReset(error) || isRegistryError(error, 'unavailable'))) throw error
    }
  }
}

interface Session {
  address: Address
  readonly smallestChunk: number
}

async function begin(context: RepositoryContext, options: CallOptions): Promise<Session> {
  const response = await context.client.head({
    method: 'POST',
    to: `${context.name}/blobs/uploads/`,
    scopes: pushScope(context.name),
    headers: { 'content-length': '0' },
    ok: [202],
    // Unused sessions are harmless: registries remove them.
    retry: true,
    repository: context.name,
    signal: options.signal,
  })
  const smallest = Number(header(response, 'oci-chunk-min-length') ?? 0)
  return { address: locationOf(context, response), smallestChunk: Number.isSafeInteger(smallest) ? smallest : 0 }
}

async function finish(
  context: RepositoryContext,
  address: Address,
  digest: Digest,
  body: Uint8Array | Readable | undefined,
  size: number,
  options: CallOptions,
): Promise<void> {
  const path = `${address.path}${address.path.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`
  const response = await context.client.send({
    method: 'PUT',
    to: { origin: address.origin, path },
    scopes: pushScope(context.name),
    headers: { 'content-type': 'application/octet-stream', 'content-length': `${size}` },
    ...(body !== undefined && size > 0 && { body }),
    ok: [201, 204],
    retry: false,
    repository: context.name,
    signal: options.signal,
  })
  await discard(response)
}

async function uploadChunks(context: RepositoryContext, session: Session, content: Readable, options: PutBlobOptions) {
  const length = Math.min(Math.max(CHUNK, session.smallestChunk), LARGEST_CHUNK)
  const digester = new Digester(options.digest ? algorithmOf(options.digest) : 'sha256')
  let offset = 0
  for await (const chunk of chunksOf(content, length)) {
    digester.update(chunk)
    await sendChunk(context, session, chunk, offset, options)
    offset += chunk.byteLength
    options.onProgress?.(chunk.byteLength)
  }
  const digest = digester.digest()
  if (options.digest !== undefined && options.digest !== digest)
    throw new RegistryError('digest-mismatch', `the content is not ${options.digest}`, {
      expected: options.digest,
      found: digest,
    })
  if (options.size !== undefined && options.size !== offset)
    throw new RegistryError('size-mismatch', `the content does not have ${options.size} bytes`)
  await finish(context, session.address, digest, undefined, 0, options)
  return { digest, size: offset }
}

/** One PATCH; after 416 or a broken connection the session is asked how much of it has arrived. */
async function sendChunk(
  context: RepositoryContext,
  session: Session,
  chunk: Uint8Array,
  offset: number,
  options: CallOptions,
) {
  let sent = 0
  for (let attempt = 1; ; attempt++) {
    const rest = chunk.subarray(sent)
    const from = offset + sent
    try {
      const response = await context.client.head({
        method: 'PATCH',
        to: session.address,
        scopes: pushScope(context.name),
        headers: {
          'content-type': 'application/octet-stream',
          'content-length': `${rest.byteLength}`,
          // Without the unit: that is how the specification has it.
          'content-range': `${from}-${from + rest.byteLength - 1}`,
        },
        body: rest,
        ok: [202, 201, 204],
        repository: context.name,
        signal: options.signal,
      })
      session.address = nextLocation(context, session, response)
      return
    } catch (error) {
      const recoverable =
        wasReset(error) || isRegistryError(error, 'unavailable') || (isRegistryError(error) && error.status === 416)
      if (attempt === TRIES || !recoverable) throw error
      const arrived = await askOffset(context, session, options)
      sent = arrived - offset
      if (sent === chunk.byteLength) return
      if (sent < 0 || sent > chunk.byteLength) throw error
    }
  }
}

/** Bytes that the session has. `Range: 0-0` means none or one: for a fresh session, none is the safe answer. */
async function askOffset(context: RepositoryContext, session: Session, options: CallOptions): Promise<number> {
  const response = await context.client.head({
    method: 'GET',
    to: session.address,
    scopes: pushScope(context.name),
    ok: [204, 202],
    repository: context.name,
    signal: options.signal,
  })
  session.address = nextLocation(context, session, response)
  const last = Number(/^(?:bytes=)?0-(\d+)$/.exec(header(response, 'range') ?? '')?.[1] ?? 0)
  return last === 0 ? 0 : last + 1
}

async function cancel(context: RepositoryContext, address: Address): Promise<void> {
  try {
    await context.client.head({
      method: 'DELETE',
      to: address,
      scopes: pushScope(context.name),
      ok: [204, 202, 200, 404],
      retry: false,
      repository: context.name,
      signal: AbortSignal.timeout(5_000),
    })
  } catch (error) {
    // The registry cleans up unfinished uploads itself; what matters to the caller is why this one failed.
    if (!(error instanceof Error)) throw error
  }
}

/** The specification wants one in each answer; without one the session stays where it is, as docker and crane take it. */
function nextLocation(context: RepositoryContext, { address }: Session, response: HttpResponse): Address {
  return header(response, 'location') === undefined ? address : locationOf(context, response)
}

function locationOf(context: RepositoryContext, response: HttpResponse): Address {
  const location = header(response, 'location')
  const { endpoint } = context.client
  if (location === undefined)
    throw new RegistryError('malformed', `${endpoint.host} started an upload without a location`, {
      host: endpoint.host,
      repository: context.name,
    })
  return sameOrigin(endpoint, response.address, location)
}
