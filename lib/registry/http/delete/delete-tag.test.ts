import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Descriptor } from '../../../oci/descriptor.ts'
import { parseDigest } from '../../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../../testing/servers/fault-proxy.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { pushSchema1 } from '../../../testing/servers/schema1-images.ts'
import { imageFor } from '../../contract/samples.ts'
import { collect } from '../../listing.ts'
import type { DeletionJournal, Repository } from '../../registry.ts'
import { createHttpRegistry } from '../http-registry.ts'

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
/** Refuses the first manifests that it is sent. */
const refuse = (count: number) =>
  proxy.on({
    method: 'PUT',
    path: '/manifests/',
    nth: [1, count],
    fault: { kind: 'answer', status: 400, body: '{"errors":[{"code":"MANIFEST_INVALID"}]}' },
  })
const tags = async () => (await collect(behind.tags())).items.toSorted()

it('removes the tag alone and leaves no placeholder behind', async () => {
  const outcome = await remove()
  expect(outcome.outcome).toBe('replaced-then-deleted')
  expect(await tags()).toEqual(['two'])
  expect((await behind.resolve(two)).digest).toBe(image.digest)
  const placeholder = outcome.outcome === 'replaced-then-deleted' ? outcome.placeholder : image.digest
  await expect(behind.resolve(placeholder)).rejects.toMatchObject({ kind: 'not-found' })
})

it('takes five requests beside a sibling, which shows that the manifest is still there', async () => {
  const options = { expect: image.digest, siblings: [one, two], strategy: 'allow-replace' } as const
  const before = proxy.requests.length
  expect(await repository.deleteTag(one, options)).toMatchObject({ spared: [image.digest, two] })
  const sent = proxy.requests.slice(before).map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)
  const deletion = expect.stringMatching(/^DELETE sha256:/)
  // Where replacing it comes late, the tag is looked at once more.
  const needed = sent.filter((request) => request !== 'HEAD one')
  expect(needed.toSorted()).toEqual([deletion, 'GET one', 'GET one', 'HEAD two', 'PUT one'])
})

it.each([404, 500])('doesn’t count a sibling as spared that is answered with %i', async (status) => {
  for (const method of ['HEAD', 'GET']) proxy.on({ method, path: '/manifests/two', fault: { kind: 'answer', status } })
  const options = { expect: image.digest, siblings: [one, two], strategy: 'allow-replace' } as const
  expect(await repository.deleteTag(one, options)).toMatchObject({ spared: [image.digest] })
})

it('removes the tag of a schema 1 manifest', async () => {
  await pushSchema1(server.url, repository.name, 'old')
  const { digest } = await behind.resolve(parseTag('old'))
  const outcome = await repository.deleteTag(parseTag('old'), { expect: digest, strategy: 'allow-replace' })
  expect(outcome.outcome).toBe('replaced-then-deleted')
  expect(await tags()).toEqual(['one', 'two'])
  expect((await behind.resolve(digest)).digest).toBe(digest)
})

it.each([401, 403, 429, 500])('changes nothing when the registry answers deletions with %i', async (status) => {
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

describe('a push in the meantime', () => {
  it('before the placeholder is put changes nothing, however long the check took', async () => {
    const other = await imageFor(behind)
    const run = async () => {
      await sleep(200)
      await behind.putManifest(one, other)
    }
    proxy.on({ method: 'DELETE', path: '/manifests/lading-probe', nth: 1, fault: { kind: 'run', run } })
    const fresh = createHttpRegistry({ name: 'r', url: proxy.url })
    const removal = fresh
      .repository(repository.name)
      .deleteTag(one, { expect: image.digest, strategy: 'allow-replace' })
    await expect(removal).rejects.toMatchObject({ kind: 'conflict', expected: image.digest })
    await fresh.close()
    expect(await tags()).toEqual(['one', 'two'])
  })

  it('after it keeps the tag', async () => {
    const other = await imageFor(behind)
    let theirs: Descriptor | undefined
    const run = async () => {
      theirs = await behind.putManifest(one, other)
    }
    proxy.on({ method: 'DELETE', path: '/manifests/sha256:', nth: 1, fault: { kind: 'run', run } })
    await expect(remove()).rejects.toMatchObject({ kind: 'conflict' })
    expect((await behind.resolve(one)).digest).toBe(theirs?.digest)
    expect((await behind.resolve(two)).digest).toBe(image.digest)
  })
})

it('restores the tag when the placeholder can’t be deleted, and informs the journal', async () => {
  const steps: string[] = []
  const journal: DeletionJournal = {
    async begin(record) {
      steps.push(`begin ${record.placeholder ? 'with' : 'without'} placeholder`)
      return {
        step: async (name) => void steps.push(name),
        tookAlong: async () => {},
        end: async (outcome) => void steps.push(`end ${outcome}`),
      }
    },
  }
  proxy.on({ method: 'DELETE', fault: { kind: 'answer', status: 403, body: '{}' } })
  expect(await remove(journal)).toMatchObject({ outcome: 'restored' })
  expect((await behind.resolve(one)).digest).toBe(image.digest)
  expect(steps).toEqual(['begin with placeholder', 'replaced', 'restored', 'end restored'])
})

it.each(['PUT', 'DELETE'])('finds out what happened when the answer to its %s is lost', async (method) => {
  proxy.on({ method, path: '/manifests/', nth: 1, fault: { kind: 'lose-answer' } })
  expect((await remove()).outcome).toBe('replaced-then-deleted')
  expect(await tags()).toEqual(['two'])
})

it('completes even when the caller leaves in the middle', async () => {
  const stop = new AbortController()
  proxy.on({ method: 'PUT', path: '/manifests/', fault: { kind: 'run', run: () => stop.abort(new Error('left')) } })
  await repository.deleteTag(one, { expect: image.digest, strategy: 'allow-replace', signal: stop.signal })
  expect(await tags()).toEqual(['two'])
})

it('restores the tag when the registry only claims to have deleted', async () => {
  proxy.on({ method: 'DELETE', fault: { kind: 'answer', status: 202 } })
  expect(await remove()).toMatchObject({ outcome: 'restored' })
  expect((await behind.resolve(one)).digest).toBe(image.digest)
})

it('proves that deletions work before it touches the tag, if a probe is inconclusive', async () => {
  const fresh = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1 } })
  const vague = { kind: 'answer', status: 418 } as const
  proxy.on({ method: 'DELETE', nth: [1, 2], fault: vague })
  proxy.on({ method: 'DELETE', path: '/manifests/one', fault: { kind: 'answer', status: 405 } })
  const call = fresh.repository(repository.name).deleteTag(one, { expect: image.digest, strategy: 'allow-replace' })
  expect((await call).outcome).toBe('replaced-then-deleted')
  expect(await tags()).toEqual(['two'])
  await fresh.close()
})

describe('if the registry refuses the image with trailing white space', () => {
  const rewrite = (body: (document: object) => string) =>
    proxy.on({
      method: 'PUT',
      path: '/manifests/',
      fault: { kind: 'rewrite', body: (sent) => body(JSON.parse(sent)) },
    })
  const pretty = (document: object) => JSON.stringify(document, null, 3)

  it('an annotation makes the difference', async () => {
    refuse(1)
    const outcome = await remove()
    expect(outcome).toMatchObject({ outcome: 'replaced-then-deleted', form: 'annotation' })
    expect(await tags()).toEqual(['two'])
    expect((await behind.resolve(two)).digest).toBe(image.digest)
  })

  it('or strips it, an annotation makes the difference', async () => {
    rewrite((document) => JSON.stringify(document))
    expect(await remove()).toMatchObject({ outcome: 'replaced-then-deleted', form: 'annotation' })
    expect(await tags()).toEqual(['two'])
  })

  it('recognises the placeholder by the registry’s digest if it rewrites documents', async () => {
    const { mediaType, bytes } = await behind.manifest(one)
    const theirs = { mediaType, bytes: Buffer.from(pretty(JSON.parse(Buffer.from(bytes).toString()))) }
    const { digest } = await behind.putManifest(one, theirs)
    await behind.putManifest(two, theirs)
    rewrite(pretty)
    const steps: unknown[] = []
    const journal: DeletionJournal = {
      begin: async () => ({
        step: async (...step) => void steps.push(step),
        tookAlong: async () => {},
        end: async () => {},
      }),
    }
    const outcome = await repository.deleteTag(one, { expect: digest, strategy: 'allow-replace', journal })
    expect(outcome).toMatchObject({ outcome: 'replaced-then-deleted', form: 'annotation' })
    const placeholder = outcome.outcome === 'replaced-then-deleted' ? outcome.placeholder : digest
    expect(steps).toEqual(['replaced', 'deleted'].map((step) => [step, placeholder]))
    await expect(behind.resolve(placeholder)).rejects.toMatchObject({ kind: 'not-found' })
    expect(await tags()).toEqual(['two'])
    expect((await behind.resolve(two)).digest).toBe(digest)
  })

  it('and rewrites the original too, that is reported, and no sibling on the rewritten one is lost', async () => {
    const { mediaType, bytes } = await behind.manifest(one)
    const theirs = { mediaType, bytes: Buffer.from(pretty(JSON.parse(Buffer.from(bytes).toString()))) }
    const { digest } = await behind.putManifest(two, theirs)
    rewrite(pretty)
    await expect(remove()).rejects.toMatchObject({ kind: 'unsupported', message: expect.stringContaining(digest) })
    expect((await behind.resolve(image.digest)).digest).toBe(image.digest)
    await repository.deleteTag(one, { expect: digest, strategy: 'allow-replace' })
    expect(await tags()).toEqual(['two'])
    expect((await behind.resolve(two)).digest).toBe(digest)
  })
})

describe('if the registry accepts no equivalent of the image', () => {
  const removeByEmpty = () => repository.deleteTag(one, { expect: image.digest, strategy: 'allow-empty' })

  it('nothing is changed unless an empty image is allowed', async () => {
    refuse(2)
    expect(await remove()).toMatchObject({ outcome: 'unsupported', further: 'allow-empty' })
    expect(await tags()).toEqual(['one', 'two'])
    expect((await behind.resolve(one)).digest).toBe(image.digest)
    expect(proxy.count('POST', repository.name)).toBe(0)
  })

  it('an empty image is used, and nothing of it is left', async () => {
    refuse(2)
    const outcome = await removeByEmpty()
    expect(outcome).toMatchObject({ outcome: 'replaced-then-deleted', form: 'empty' })
    expect(await tags()).toEqual(['two'])
    expect((await behind.manifest(two)).digest).toBe(image.digest)
    const deleted = proxy.requests.filter(({ method, path }) => method === 'DELETE' && path.includes('/blobs/'))
    const config = parseDigest(deleted.at(-1)?.path.split('/').at(-1))
    expect(await behind.statBlob(config)).toBeUndefined()
  })

  it('the tag is restored when the empty image can’t be deleted', async () => {
    refuse(2)
    proxy.on({ method: 'DELETE', path: '/manifests/', fault: { kind: 'answer', status: 403, body: '{}' } })
    expect(await removeByEmpty()).toMatchObject({ outcome: 'restored' })
    expect((await behind.resolve(one)).digest).toBe(image.digest)
  })

  it('the journal stays open when the registry disappears in the middle, so that the tag isn’t left on an empty image', async () => {
    refuse(2)
    const leave = () => void proxy.on({ path: '/manifests/', fault: { kind: 'answer', status: 503 } })
    proxy.on({ method: 'PUT', path: '/manifests/one', nth: 1, fault: { kind: 'run', run: leave } })
    const ends: string[] = []
    const journal: DeletionJournal = {
      begin: async () => ({
        step: async () => {},
        tookAlong: async () => {},
        end: async (outcome) => void ends.push(outcome),
      }),
    }
    const call = repository.deleteTag(one, { expect: image.digest, strategy: 'allow-empty', journal })
    await expect(call).rejects.toMatchObject({ kind: 'unavailable' })
    expect((await behind.resolve(one)).digest).not.toBe(image.digest)
    expect(ends).toEqual(['unsupported', 'unsupported'])
  })

  it('nor an empty one, that is reported', async () => {
    refuse(3)
    const outcome = await removeByEmpty()
    expect(outcome.outcome).toBe('unsupported')
    expect(outcome).not.toHaveProperty('further')
    expect(await tags()).toEqual(['one', 'two'])
  })
})

it('deletes the tag directly if the registry can, and notices when it only claims so', async () => {
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
    if (request.url?.includes('/tags/list')) return void response.end('{"name":"app","tags":["one"]}')
    const headers = {
      'content-type': image.mediaType,
      'content-length': bytes.length,
      'docker-content-digest': image.digest,
    }
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : bytes)
  })
  const each = createHttpRegistry({ name: 'zot', url: zot.url })
  const call = () => each.repository(repository.name).deleteTag(one, { expect: image.digest, strategy: 'tag-only' })
  expect(await call()).toMatchObject({ outcome: 'deleted' })
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
