import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, it } from 'vitest'
import { BlobFiles } from './blob-files.ts'
import { createLayout } from './create-layout.ts'

const path = await mkdtemp(join(tmpdir(), 'lading-blobs-'))
await createLayout(path)
const blobs = new BlobFiles(path)
afterAll(() => rm(path, { recursive: true, force: true }))

it('a blob emptied by a power cut is refused, a truly empty one isn’t', async () => {
  const { digest } = await blobs.write(Buffer.from('hello world'))
  await truncate(blobs.path(digest), 0)
  await expect(blobs.read(digest, undefined)).rejects.toMatchObject({ kind: 'digest-mismatch', expected: digest })
  const nothing = await blobs.write(new Uint8Array())
  const { stream, verified } = await blobs.read(nothing.digest, undefined)
  expect([verified, (await buffer(stream)).length]).toEqual([true, 0])
})
