import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, expect, it } from 'vitest'
import { digestOf } from '../oci/digester.ts'
import { parseRepositoryName } from '../oci/reference.ts'
import { startDockerRegistry } from '../testing/servers/docker-registry.ts'
import { createHttpRegistry } from './http/http-registry.ts'

const server = await startDockerRegistry()
const registry = createHttpRegistry({ name: 'r', url: server.url })
const repository = registry.repository(parseRepositoryName('team/app'))
afterAll(async () => {
  await registry.close()
  await server.stop()
})

/** Pieces of memory of their own, and one that is a part of a larger one. */
function pieces(): Uint8Array[] {
  const whole = Array.from({ length: 200 }, () => new Uint8Array(randomBytes(65_536)))
  return [...whole, new Uint8Array(1_000).subarray(500)]
}

it('frees each piece that it owns once it is sent, and sends all of them as they were', async () => {
  const sent = pieces()
  const content = Buffer.concat(sent)
  const digest = digestOf(content)
  await repository.putBlob(Readable.from(sent), { digest, size: content.length, ownsPieces: true })
  expect(sent.map(({ buffer }) => (buffer as ArrayBuffer).detached)).toEqual([...Array(200).fill(true), false])
  expect(digestOf(await repository.blobBytes(digest, { limit: content.length }))).toBe(digest)
})

it('leaves the pieces of others alone', async () => {
  const sent = pieces()
  const content = Buffer.concat(sent)
  await repository.putBlob(Readable.from(sent), { digest: digestOf(content), size: content.length })
  expect(digestOf(Buffer.concat(sent))).toBe(digestOf(content))
})
