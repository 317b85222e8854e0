import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startDockerRegistry } from '../../../e2e/servers/docker-registry.ts'
import { startFaultProxy } from '../../../e2e/servers/fault-proxy.ts'
import { startHttpServer } from '../../../e2e/servers/http-server.ts'
import { pushSchema1 } from '../../../e2e/servers/schema1-images.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { imageFor } from '../contract/samples.ts'
import { collect } from '../listing.ts'
import type { DeletionJournal, Repository } from '../registry.ts'
import { createHttpRegistry } from './http-registry.ts'

const server = await startDockerRegistry({ schema1: true })
const proxy = await startFaultProxy(server.url)
const registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1, longestWait: 10 } })
const direct = createHttpRegistry({ name: 'r', url: server.url })
const [one, two] = [parseTag('one'), parseTag('two')]
let count = 0
let repository: Repository
let behind: Repository
let image: Descriptor
beforeEach(async () => {
  const name = parseRepositoryName(`delete/r${++count}`)
  repository = registry.repository(name)
  behind = direct.repository(name)
  const content = await imageFor(behind)
  image = await behind.putManifest(one, content)
  await behind.putManifest(two, content)
  // Known before the faults begin.
  await repository.deletes()
})
afterEach(() => proxy.clear())
afterAll(async () => {
  await Promise.all([registry.close(), direct.close()])
  await proxy.stop()
  await server.stop()
})
const remove = (journal?: DeletionJournal) =>
  repository.deleteTag(one, { expect: image.digest, strategy: 'allow-replace', ...(journal && { journal }) })
const tags = async () => (await collect(behind.tags())).items.toSorted()

it('removes the tag alone and leaves no stand-in behind', async () => {
  const outcome = await remove()
  expect(outcome.outcome).toBe('replaced-then-deleted')
  expect(await tags()).toEqual(['two'])
  expect((await behind.resolve(two)).digest).toBe(image.digest)
  const standIn = outcome.outcome === 'replaced-then-deleted' ? outcome.standIn : image.digest
  await expect(behind.resolve(standIn)).rejects.toMatchObject({ kind: 'not-found' })
})

it('removes the tag of a schema 1 manifest', async () => {
  await pushSchema1(server.url, repository.name, 'old')
  const { digest } = await behind.resolve(parseTag('old'))
  const outcome = await repository.deleteTag(parseTag('old'), { expect: digest, strategy: 'allow-replace' })
  expect(outcome.outcome).toBe('replaced-then-deleted')
  expect(await tags()).toEqual(['one', 'two'])
  expect((await behind.resolve(digest)).digest).toBe(digest)
})

it.each([401, 403, 429, 500])('touches nothing when the registry answers %i to deletions', async (status) => {
  const fresh = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1, longestWait: 10 } })
  proxy.on({ method: 'DELETE', fault: { kind: 'answer', status, body: '{}' } })
  const outcome = fresh.repository(repository.name).deleteTag(one, { expect: image.digest, strategy: 'allow-replace' })
  await outcome.then(
    (result) => expect(result.outcome).toBe('unsupported'),
    (error: unknown) => expect(error).toMatchObject({ name: 'RegistryError' }),
  )
  expect(proxy.requests.filter(({ method, path }) => method === 'PUT' && path.includes(repository.name))).toEqual([])
  expect((await behind.resolve(one)).digest).toBe(image.digest)
  await fresh.close()
})

describe('someone who pushes meanwhile', () => {
  it('before the stand-in is noticed: nothing is done', async () => {
    const other = await imageFor(behind)
    const run = async () => void (await behind.putManifest(one, other))
    proxy.on({ method: 'HEAD', path: '/manifests/one', nth: 1, fault: { kind: 'run', run } })
    await expect(remove()).rejects.toMatchObject({ kind: 'conflict', expected: image.digest })
    expect(await tags()).toEqual(['one', 'two'])
  })

  it('after it keeps the tag', async () => {
    const other = await imageFor(behind)
    let theirs: Descriptor | undefined
    const run = async () => {
      theirs = await behind.putManifest(one, other)
    }
    proxy.on({ method: 'HEAD', path: '/manifests/one', nth: 2, fault: { kind: 'run', run } })
    await expect(remove()).rejects.toMatchObject({ kind: 'conflict' })
    expect((await behind.resolve(one)).digest).toBe(theirs?.digest)
    expect((await behind.resolve(two)).digest).toBe(image.digest)
  })
})

it('puts the tag back when the stand-in cannot be deleted, and tells the journal', async () => {
  const steps: string[] = []
  const journal: DeletionJournal = {
    async begin(record) {
      steps.push(`begin ${record.standIn ? 'with' : 'without'} stand-in`)
      return { step: async (name) => void steps.push(name), end: async (outcome) => void steps.push(`end ${outcome}`) }
    },
  }
  proxy.on({ method: 'DELETE', fault: { kind: 'answer', status: 403, body: '{}' } })
  expect(await remove(journal)).toMatchObject({ outcome: 'restored' })
  expect((await behind.resolve(one)).digest).toBe(image.digest)
  expect(steps).toEqual(['begin with stand-in', 'replaced', 'restored', 'end restored'])
})

it.each(['PUT', 'DELETE'])('finds out what happened when the answer to its %s is lost', async (method) => {
  proxy.on({ method, path: '/manifests/', nth: 1, fault: { kind: 'lose-answer' } })
  expect((await remove()).outcome).toBe('replaced-then-deleted')
  expect(await tags()).toEqual(['two'])
})

it('goes on to the end when the caller leaves in the middle', async () => {
  const stop = new AbortController()
  proxy.on({ method: 'PUT', path: '/manifests/', fault: { kind: 'run', run: () => stop.abort(new Error('left')) } })
  await repository.deleteTag(one, { expect: image.digest, strategy: 'allow-replace', signal: stop.signal })
  expect(await tags()).toEqual(['two'])
})

it('puts the tag back when the registry only says that it deleted', async () => {
  proxy.on({ method: 'DELETE', fault: { kind: 'answer', status: 202 } })
  expect(await remove()).toMatchObject({ outcome: 'restored' })
  expect((await behind.resolve(one)).digest).toBe(image.digest)
})

it('proves that deletions work before it touches the tag, where a probe says nothing', async () => {
  const fresh = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1 } })
  const vague = { kind: 'answer', status: 418 } as const
  proxy.on({ method: 'DELETE', nth: [1, 2], fault: vague })
  proxy.on({ method: 'DELETE', path: '/manifests/one', fault: { kind: 'answer', status: 405 } })
  const call = fresh.repository(repository.name).deleteTag(one, { expect: image.digest, strategy: 'allow-replace' })
  expect((await call).outcome).toBe('replaced-then-deleted')
  expect(await tags()).toEqual(['two'])
  await fresh.close()
})

it('changes nothing when the registry does not keep the stand-in as it is', async () => {
  proxy.on({
    method: 'PUT',
    path: '/manifests/',
    fault: { kind: 'answer', status: 400, body: '{"errors":[{"code":"MANIFEST_INVALID"}]}' },
  })
  expect(await remove()).toMatchObject({ outcome: 'unsupported' })
  expect(await tags()).toEqual(['one', 'two'])
})

it('deletes the tag directly where the registry does, and notices when it only says so', async () => {
  let tag: 'there' | 'gone' = 'there'
  let obeys = true
  const bytes = (await behind.manifest(one)).bytes
  const zot = await startHttpServer((request, response) => {
    const isTag = request.url?.endsWith('/manifests/one')
    if (request.method === 'DELETE') {
      if (!isTag) return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
      if (obeys) tag = 'gone'
      return void response.writeHead(202).end()
    }
    if (isTag && tag === 'gone') return void response.writeHead(404).end()
    const headers = {
      'content-type': image.mediaType,
      'content-length': bytes.length,
      'docker-content-digest': image.digest,
    }
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : bytes)
  })
  const each = createHttpRegistry({ name: 'zot', url: zot.url })
  const call = () => each.repository(repository.name).deleteTag(one, { expect: image.digest, strategy: 'tag-only' })
  expect(await call()).toEqual({ outcome: 'deleted' })
  tag = 'there'
  obeys = false
  expect((await call()).outcome).toBe('unsupported')
  await each.close()
  await zot.stop()
})

it('loses no referrer when two clients write the fallback index at the same time', async () => {
  const about = { mediaType: image.mediaType, digest: image.digest, size: image.size }
  const documents = await Promise.all(Array.from({ length: 6 }, () => imageFor(behind, { subject: about })))
  const puts = documents.map((document, i) =>
    (i % 2 ? repository : behind).putManifest(parseTag(`about-${i}`), document),
  )
  const digests = (await Promise.all(puts)).map(({ digest }) => digest)
  const { items } = await collect(repository.referrers(image.digest))
  expect(items.map(({ digest }) => digest).toSorted()).toEqual(digests.toSorted())
})
