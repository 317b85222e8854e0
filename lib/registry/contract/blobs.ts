import { randomBytes } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import type { BlobOptions, Repository } from '../registry.ts'
import type { Candidate } from './candidate.ts'
import { expectKind, imageFor, rejection, tag } from './samples.ts'

const ABSENT = digestOf('a blob that nobody has put')

export function blobsContract(candidate: () => Candidate): void {
  it('stores a blob of bytes under the digest it computes', async () => {
    const repository = candidate().fresh()
    const bytes = randomBytes(4_096)
    expect(await repository.putBlob(bytes)).toEqual({ digest: digestOf(bytes), size: 4_096 })
    expect(await repository.statBlob(digestOf(bytes))).toEqual({ size: 4_096 })
    expect(await whole(repository, bytes)).toBe(true)
  })

  it.each([
    ['nothing but the stream', (_bytes: Buffer) => ({})],
    ['its digest', (bytes: Buffer) => ({ digest: digestOf(bytes) })],
    ['its digest and its size', (bytes: Buffer) => ({ digest: digestOf(bytes), size: bytes.length })],
  ])('stores a streamed blob given %s, and reports its progress', async (_name, options) => {
    const repository = candidate().fresh()
    const bytes = randomBytes(3_000_000)
    let sent = 0
    const onProgress = (count: number) => {
      sent += count
    }
    const content = Readable.from(chunksOf(bytes, 70_000))
    const stored = await repository.putBlob(content, { ...options(bytes), onProgress })
    expect(stored).toEqual({ digest: digestOf(bytes), size: bytes.length })
    expect(sent).toBe(bytes.length)
    expect(await whole(repository, bytes)).toBe(true)
  })

  it('stores the empty JSON document and accepts a blob twice', async () => {
    const repository = candidate().fresh()
    for (let times = 0; times < 2; times++) await repository.putBlob(Buffer.from('{}'))
    expect(Buffer.from(await repository.blobBytes(digestOf('{}'))).toString()).toBe('{}')
  })

  it.each(['bytes', 'a stream'])('refuses %s of another digest and keeps nothing of it', async (form) => {
    const repository = candidate().fresh()
    const bytes = randomBytes(1_000)
    const content = form === 'bytes' ? bytes : Readable.from(chunksOf(bytes, 300))
    await expectKind(repository.putBlob(content, { digest: ABSENT }), 'digest-mismatch', 'invalid')
    expect(await repository.statBlob(ABSENT)).toBeUndefined()
  })

  it('doesn’t store a blob whose source fails', async () => {
    const repository = candidate().fresh()
    await repository.putManifest(tag('1'), await imageFor(repository))
    const bytes = randomBytes(200_000)
    async function* failing() {
      yield bytes.subarray(0, 100_000)
      throw new Error('the source broke')
    }
    await rejection(repository.putBlob(Readable.from(failing()), { digest: digestOf(bytes) }))
    expect(await repository.statBlob(digestOf(bytes))).toBeUndefined()
  })

  it('reads ranges, without calling them verified', async () => {
    const { features, fresh } = candidate()
    const repository = fresh()
    const bytes = randomBytes(1_000)
    const { digest } = await repository.putBlob(bytes)
    const read = async (range: NonNullable<BlobOptions['range']>) => {
      const { size, stream, verified } = await repository.blob(digest, { range })
      const part = await buffer(stream)
      expect([size, verified]).toEqual([part.length, false])
      return part
    }
    expect((await read({ start: 10, end: 19 })).equals(bytes.subarray(10, 20))).toBe(true)
    expect((await read({ start: 0, end: 0 })).equals(bytes.subarray(0, 1))).toBe(true)
    if (features.openRanges !== false) expect((await read({ start: 990 })).equals(bytes.subarray(990))).toBe(true)
  })

  it('ends reading a blob when the caller aborts', async () => {
    const repository = candidate().fresh()
    const { digest } = await repository.putBlob(randomBytes(8_000_000))
    const controller = new AbortController()
    const { stream } = await repository.blob(digest, { signal: controller.signal })
    stream.once('data', () => controller.abort())
    expect(await rejection(buffer(stream))).toMatchObject({ name: 'AbortError' })
  })

  it('ends an upload with a stalled source when the caller aborts, and the source with it', async () => {
    const source = new PassThrough()
    source.write('some')
    const upload = candidate()
      .fresh()
      .putBlob(source, { signal: AbortSignal.timeout(100) })
    expect(await rejection(upload)).toMatchObject({ name: 'TimeoutError' })
    expect(source.destroyed).toBe(true)
  })

  it('reports an absent blob as absent', async () => {
    const { fresh } = candidate()
    const repository = fresh()
    await repository.putBlob(Buffer.from('another'))
    expect(await repository.statBlob(ABSENT)).toBeUndefined()
    await expectKind(repository.blob(ABSENT), 'not-found')
    await expectKind(repository.blobBytes(ABSENT), 'not-found')
    expect(await fresh().statBlob(ABSENT)).toBeUndefined()
  })

  it('reads no more of a blob into memory than allowed', async () => {
    const repository = candidate().fresh()
    const { digest } = await repository.putBlob(randomBytes(1_000))
    await expectKind(repository.blobBytes(digest, { limit: 999 }), 'too-large')
    expect(await repository.blobBytes(digest, { limit: 1_000 })).toHaveLength(1_000)
  })

  it('mounts a blob of a sibling repository', async ({ skip }) => {
    const { features, fresh } = candidate()
    skip(features.mount === false, 'the registry does not mount')
    const [source, target] = [fresh(), fresh()]
    const bytes = randomBytes(500)
    const { digest } = await source.putBlob(bytes)
    expect(await target.mountBlob(digest, source.name)).toBe(true)
    expect(await whole(target, bytes)).toBe(true)
  })

  it('doesn’t claim to have mounted a blob that the sibling lacks', async () => {
    const { fresh } = candidate()
    const [source, target] = [fresh(), fresh()]
    await source.putBlob(Buffer.from('another'))
    expect(await target.mountBlob(ABSENT, source.name)).toBe(false)
    expect(await target.statBlob(ABSENT)).toBeUndefined()
  })

  it('addresses blobs by sha512 where possible', async ({ skip }) => {
    const { features, fresh } = candidate()
    skip(!features.sha512, 'the registry knows sha256 only')
    const repository = fresh()
    const bytes = randomBytes(100)
    const digest = digestOf(bytes, 'sha512')
    expect(await repository.putBlob(bytes, { digest })).toEqual({ digest, size: 100 })
    expect(Buffer.from(await repository.blobBytes(digest)).equals(bytes)).toBe(true)
  })

  it('deletes a blob', async ({ skip }) => {
    const { features, fresh } = candidate()
    skip(features.deleteBlob === false || features.deletes === 'off', 'the registry does not delete blobs')
    const repository = fresh()
    const [gone, kept] = [await repository.putBlob(randomBytes(50)), await repository.putBlob(randomBytes(50))]
    await repository.deleteBlob(gone.digest)
    expect(await repository.statBlob(gone.digest)).toBeUndefined()
    expect(await repository.statBlob(kept.digest)).toEqual({ size: 50 })
    await expectKind(repository.deleteBlob(ABSENT), 'not-found')
  })
}

/** Reads the blob by stream and by bytes and compares. */
async function whole(repository: Repository, bytes: Buffer): Promise<boolean> {
  const { size, verified, stream } = await repository.blob(digestOf(bytes))
  expect([size, verified]).toEqual([bytes.length, true])
  const streamed = await buffer(stream)
  const inMemory = Buffer.from(await repository.blobBytes(digestOf(bytes)))
  return streamed.equals(bytes) && inMemory.equals(bytes)
}

function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
