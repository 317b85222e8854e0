import { Readable } from 'node:stream'
import { algorithmOf, type Digest } from '../../../oci/digest.ts'
import { Digester } from '../../../oci/digester.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import { translateFailure } from '../wire/failure.ts'
import { discardNow, type HttpResponse } from '../wire/transport.ts'

const RESUMES = 3
/** A blob up to this size is passed on only once verified: wrong bytes are never delivered. */
const HELD = 1024 * 1024
/** Bytes that wait for the reader. */
const WAITING = 256 * 1024

export interface OpenBlob {
  /** The host that sends the bytes, which may not be the registry. */
  readonly host: string
  readonly response: HttpResponse
  readonly digest: Digest
  readonly size: number
  /** Asks for the rest from a position on. */
  readonly rest: (from: number) => Promise<HttpResponse>
  readonly signal?: AbortSignal | undefined
}

interface BlobOrigin {
  readonly host: string
  readonly repository: string
}

/**
 * The bytes of a blob, hashed as they pass: a wrong digest fails the stream before its end. When the connection breaks
 * in the middle, the rest is asked for, up to three times. Destroying the stream closes the connection at once.
 * Fed by events: a generator costs a copy as much time as sending the bytes.
 */
export class VerifiedBlob extends Readable {
  readonly #blob: OpenBlob
  readonly #origin: BlobOrigin
  readonly #digester: Digester
  readonly #held: Uint8Array[] = []
  #response: HttpResponse
  #body: Readable
  #resumes = 0
  #isRead = false
  #failure: Error | undefined

  constructor(blob: OpenBlob, origin: BlobOrigin) {
    super({ highWaterMark: WAITING })
    this.#blob = blob
    this.#origin = origin
    this.#digester = new Digester(algorithmOf(blob.digest))
    this.#response = blob.response
    this.#body = this.#listen(blob.response)
  }

  override _read(): void {
    this.#isRead = true
    if (this.#failure) this.destroy(this.#failure)
    else this.#body.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    discardNow(this.#response)
    callback(error)
  }

  #listen({ body }: HttpResponse): Readable {
    const source = body instanceof Readable ? body : Readable.from(body, { objectMode: false })
    source.pause()
    const end = (failure?: unknown) => {
      if (this.#body !== source || this.destroyed) return
      source.off('data', take).off('end', end).off('error', end)
      source.on('error', () => undefined)
      this.#ended(failure)
    }
    const take = (chunk: Uint8Array) => this.#take(chunk)
    return source.on('data', take).on('end', end).on('error', end)
  }

  #take(chunk: Uint8Array): void {
    const { size } = this.#blob
    this.#digester.update(chunk)
    if (this.#digester.size > size) this.#fail(wrongBlobSize(this.#origin, size, this.#digester.size))
    else if (size <= HELD) this.#held.push(chunk)
    else if (!this.push(chunk)) this.#body.pause()
  }

  #ended(cause: unknown): void {
    const { digest, size, host, signal } = this.#blob
    const failure = cause === undefined ? undefined : translateFailure(cause, host, signal)
    if (failure && !isRegistryError(failure, 'unreachable', 'timeout')) this.#fail(errorOf(failure))
    else if (this.#digester.size < size) this.#resume(failure)
    else {
      const found = this.#digester.digest()
      if (found !== digest) this.#fail(wrongBlob(this.#origin, digest, found))
      else {
        for (const chunk of this.#held) this.push(chunk)
        this.push(null)
      }
    }
  }

  /** From the registry's own address again: a signed one that a redirect led to may have expired. */
  #resume(failure: unknown): void {
    if (this.#resumes++ === RESUMES) {
      this.#fail(isRegistryError(failure, 'timeout') ? failure : this.#cutShort())
      return
    }
    this.#blob.rest(this.#digester.size).then(
      (response) => {
        if (this.destroyed) return discardNow(response)
        this.#response = response
        this.#body = this.#listen(response)
        this.#body.resume()
      },
      (error) => this.#fail(error),
    )
  }

  /** Before the first read there is no listener, and an unhandled error ends the process. */
  #fail(error: Error): void {
    this.#failure ??= error
    if (this.#isRead) this.destroy(error)
  }

  /** The registry answers but can't send all of it: that's damage, for example a truncated file. */
  #cutShort(): RegistryError {
    const { host } = this.#origin
    const { digest, size } = this.#blob
    const found = this.#digester.size
    const message = `${host} sends only ${found} of the ${size} bytes of ${digest}, even when asked again`
    return new RegistryError('size-mismatch', message, { ...this.#origin, expected: `${size}`, found: `${found}` })
  }
}

export function wrongBlobSize(origin: BlobOrigin, expected: number, found: number): RegistryError {
  const message = `${origin.host} announced a blob of ${expected} bytes and sent ${found}`
  return new RegistryError('size-mismatch', message, { ...origin, expected: `${expected}`, found: `${found}` })
}

export function wrongBlob(origin: BlobOrigin, expected: Digest, found: Digest): RegistryError {
  return new RegistryError('digest-mismatch', `${origin.host} sent content that isn’t ${expected}`, {
    ...origin,
    expected,
    found,
  })
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
