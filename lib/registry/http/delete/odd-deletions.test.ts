import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deleteImage } from '../../../image/delete/delete.ts'
import { previewDeletion } from '../../../image/delete/delete-preview.ts'
import type { Descriptor } from '../../../oci/descriptor.ts'
import { parseDigest } from '../../../oci/digest.ts'
import { MEDIA_TYPE } from '../../../oci/media-type.ts'
import { parseRepositoryName, parseTag, type Tag } from '../../../oci/reference.ts'
import { startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { type Fault, startFaultProxy, takingSiblings } from '../../../testing/servers/fault-proxy.ts'
import { imageFor } from '../../contract/samples.ts'
import { collect } from '../../listing.ts'
import type { DeletionJournal, Repository } from '../../registry.ts'
import { createHttpRegistry, type HttpRegistry } from '../http-registry.ts'

/** Registries that delete in their own way, played by a proxy in front of distribution. */
const server = await startDockerRegistry()
const proxy = await startFaultProxy(server.url)
const direct = createHttpRegistry({ name: 'r', url: server.url })
const [one, two, three] = [parseTag('one'), parseTag('two'), parseTag('three')]
let count = 0
let registry: HttpRegistry
let repository: Repository
let behind: Repository
let image: Descriptor
beforeEach(async () => {
  const name = parseRepositoryName(`odd/r${++count}`)
  registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1, longestWait: 10 } })
  repository = registry.repository(name)
  behind = direct.repository(name)
  const content = await imageFor(behind)
  image = await behind.putManifest(one, content)
  for (const tag of [two, three]) await behind.putManifest(tag, content)
})
afterEach(async () => {
  proxy.clear()
  await registry.close()
})
afterAll(async () => {
  await direct.close()
  await proxy.stop()
  await server.stop()
})

const tags = async () => (await collect(behind.tags())).items.toSorted()
const remove = (tag: Tag, options: { siblings?: readonly Tag[]; journal?: DeletionJournal } = {}) =>
  repository.deleteTag(tag, { expect: image.digest, strategy: 'allow-replace', ...options })
const deletionsOf = (tag: Tag) => proxy.count('DELETE', `${repository.name}/manifests/${tag}`)

const takeManifests = () =>
  proxy.on({ method: 'DELETE', path: /\/manifests\/(?!sha256:)/, fault: takingSiblings(server.url) })

describe('a registry that deletes the manifest with the tag', () => {
  it.each([
    ['that were shown', [one, two, three]],
    ['that nobody named', undefined],
  ])('gets the manifest and the siblings %s restored at once', async (_name, siblings) => {
    takeManifests()
    expect(await remove(one, siblings && { siblings })).toEqual({
      outcome: 'deleted',
      putBack: siblings ? ['two', 'three'] : ['three', 'two'],
    })
    expect(await tags()).toEqual(['three', 'two'])
    expect((await behind.resolve(two)).digest).toBe(image.digest)
  })

  it('is remembered: the next tag is replaced and then deleted', async () => {
    takeManifests()
    await remove(one)
    expect(await repository.deletes()).toMatchObject({
      tag: { state: 'no', evidence: 'DELETE of a tag deleted its manifest and 2 other tags' },
      tagStrategy: 'replace',
    })
    expect(await remove(two)).toMatchObject({ outcome: 'replaced-then-deleted' })
    expect([deletionsOf(one), deletionsOf(two)]).toEqual([1, 0])
    expect(await tags()).toEqual(['three'])
  })

  it('is remembered in its other repositories, too', async () => {
    takeManifests()
    await remove(one)
    const other = registry.repository(parseRepositoryName(`odd/other${count}`))
    expect(await other.deletes()).toMatchObject({ tagStrategy: 'replace' })
  })

  it('keeps what couldn’t be restored in the journal, for undo', async () => {
    takeManifests()
    proxy.on({ method: 'PUT', path: '/manifests/', fault: { kind: 'answer', status: 403, body: '{}' } })
    const took: (readonly Tag[])[] = []
    const journal: DeletionJournal = {
      begin: async () => ({
        step: async () => {},
        tookAlong: async (lost) => void took.push(lost),
        end: async () => {},
      }),
    }
    expect(await remove(one, { siblings: [two, three], journal })).toEqual({ outcome: 'deleted', putBack: [] })
    expect(took).toEqual([
      ['two', 'three'],
      ['two', 'three'],
    ])
  })
})

describe('the registry’s response to a deletion', () => {
  it.each([
    [202, 'accepts it'],
    [404, 'says that the tag is not there'],
  ])('of %i that a GET of the tag contradicts isn’t trusted: the next strategy deletes it', async (status) => {
    proxy.on({
      method: 'DELETE',
      path: '/manifests/lading-probe',
      fault: { kind: 'answer', status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' },
    })
    proxy.on({ method: 'DELETE', path: '/manifests/one', fault: { kind: 'answer', status, body: '{}' } })
    expect(await remove(one)).toMatchObject({ outcome: 'replaced-then-deleted' })
    expect(await tags()).toEqual(['three', 'two'])
  })

  it('of 500 isn’t trusted when the tag is deleted', async () => {
    takeManifests()
    const failing = await startFaultProxy(proxy.url)
    failing.on({ method: 'DELETE', path: '/manifests/one', fault: { kind: 'headers', status: 500, headers: {} } })
    const other = createHttpRegistry({ name: 'r', url: failing.url, timeouts: { retry: 1 } })
    const deletion = other
      .repository(repository.name)
      .deleteTag(one, { expect: image.digest, strategy: 'allow-replace', siblings: [two, three] })
    expect(await deletion).toEqual({ outcome: 'deleted', putBack: ['two', 'three'] })
    expect(await tags()).toEqual(['three', 'two'])
    await other.close()
    await failing.stop()
  })
})

describe('a registry whose HEAD denies tags that its GET serves, as Nexus does', () => {
  const hide = (path = '/manifests/two') => proxy.on({ method: 'HEAD', path, fault: { kind: 'answer', status: 404 } })

  it('is asked by GET before a tag is considered absent', async () => {
    hide()
    expect(await repository.resolve(two)).toEqual(image)
    const content = await behind.manifest(one)
    const put = repository.putManifest(two, content, { expect: null })
    await expect(put).rejects.toMatchObject({ kind: 'conflict', found: image.digest })
  })

  it('is asked by GET before a blob is considered absent', async () => {
    const { digest } = await behind.putBlob(Buffer.from('a layer'))
    hide(`/blobs/${digest}`)
    expect(await repository.statBlob(digest)).toEqual({ size: 7 })
    expect(await repository.statBlob(digest, { trustHead: true })).toBeUndefined()
  })

  it('loses no tag that the user wasn’t shown', async () => {
    hide()
    const deletion = repository.deleteManifest(image.digest, { expectTags: [one, three] })
    await expect(deletion).rejects.toMatchObject({ kind: 'conflict', found: 'one, three, two' })
    expect(await tags()).toEqual(['one', 'three', 'two'])
  })

  it('gets no deletion while a listed tag can’t be resolved at all', async () => {
    proxy.on({ path: '/manifests/two', fault: { kind: 'answer', status: 404, body: '{}' } })
    const deletion = repository.deleteManifest(image.digest, { expectTags: [one, three] })
    await expect(deletion).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('1 of 3 tags could not be resolved, including two'),
    })
    expect(await tags()).toEqual(['one', 'three', 'two'])
  })

  it('isn’t held up by a tag that is deleted meanwhile', async () => {
    const content = await imageFor(behind)
    const { digest } = await behind.putManifest(parseTag('brief'), content)
    const run = async () => void (await behind.deleteManifest(digest, { expectTags: [parseTag('brief')] }))
    proxy.on({ method: 'HEAD', path: '/manifests/brief', nth: 1, fault: { kind: 'run', run } })
    await repository.deleteManifest(image.digest, { expectTags: [one, two, three] })
    expect(await tags()).toEqual([])
  })
})

describe('a registry whose list lacks tags that it serves, as a cache’s may', () => {
  const shorten = (...listed: Tag[]) =>
    proxy.on({
      path: `${repository.name}/tags/list`,
      fault: { kind: 'answer', status: 200, body: JSON.stringify({ name: repository.name, tags: listed }) },
    })

  it('can’t say which tags are on the image of one that it lacks', async () => {
    shorten(two)
    const { scanned } = await previewDeletion(repository, { tag: one })
    expect(scanned).toMatchObject({ complete: false, reason: expect.stringContaining('one') })
  })

  it('loses no sibling of a tag that it lacks', async () => {
    shorten()
    takeManifests()
    await expect(remove(one)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await tags()).toEqual(['one', 'three', 'two'])
  })
})

// As ECR did for years (aws/containers-roadmap#1229).
describe('a registry that has no DELETE, whose router answers 404', () => {
  beforeEach(() => {
    const fault = { kind: 'answer', status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' }
    proxy.on({ method: 'DELETE', path: '/manifests/', fault: fault as Fault })
  })

  it('isn’t believed to delete', async () => {
    expect((await repository.deletes()).manifest).toMatchObject({ state: 'unknown' })
  })

  it('gets nothing put under the tag', async () => {
    expect(await remove(one)).toMatchObject({ outcome: 'unsupported' })
    expect(proxy.count('PUT', `${repository.name}/manifests/one`)).toBe(0)
    expect((await behind.resolve(one)).digest).toBe(image.digest)
  })
})

it('a registry whose HEAD calls every manifest JSON deletes no platform of a live index', async () => {
  const child = await behind.manifest(one)
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: [{ mediaType: child.mediaType, digest: child.digest, size: child.size }],
  }
  const content = { mediaType: MEDIA_TYPE.ociIndex, bytes: Buffer.from(JSON.stringify(index)) }
  await behind.putManifest(parseTag('multi'), content)
  proxy.on({
    method: 'HEAD',
    path: '/manifests/',
    fault: { kind: 'headers', headers: { 'content-type': 'application/json' } },
  })
  const deletion = deleteImage(repository, image.digest, { expectTags: [one, two, three] })
  await expect(deletion).rejects.toMatchObject({ kind: 'conflict', found: 'multi' })
  expect(await tags()).toEqual(['multi', 'one', 'three', 'two'])
})

describe('a registry that keeps its tags when their manifest is deleted, as go-containerregistry’s', () => {
  const gone = new Set<string>()
  beforeEach(() => gone.clear())
  /** DELETE hides what it names and nothing else. */
  function keepTags(refused: readonly Tag[] = []) {
    proxy.on({
      method: 'DELETE',
      path: repository.name,
      fault: {
        kind: 'handle',
        answer(request, response) {
          const name = request.url?.split('/').at(-1) ?? ''
          if (refused.some((tag) => tag === name)) return void response.writeHead(403).end()
          gone.add(name)
          response.writeHead(202).end()
          proxy.on({ path: `/manifests/${name}`, fault: { kind: 'answer', status: 404, body: '{}' } })
        },
      },
    })
  }

  it('loses them one by one', async () => {
    keepTags()
    await repository.deleteManifest(image.digest, { expectTags: [one, two, three] })
    expect([...gone].toSorted()).toEqual([image.digest, 'one', 'three', 'two'].toSorted())
  })

  it('keeps those it refuses to delete, which the verification then names', async () => {
    keepTags([two])
    const report = await deleteImage(repository, image.digest, { expectTags: [one, two, three] })
    expect(report).toMatchObject({ verified: false, problems: [expect.stringContaining('two still exists')] })
  })
})

describe('a registry that goes on listing the tags of a deleted manifest, as CUE’s', () => {
  const asked = () =>
    [proxy.count('GET', '/tags/list'), proxy.count('GET', `${repository.name}/manifests/one`)] as const
  const listAll = () =>
    proxy.on({
      path: '/tags/list',
      fault: { kind: 'answer', status: 200, body: JSON.stringify({ name: repository.name, tags: [one, two, three] }) },
    })
  const acceptTags = () =>
    proxy.on({ method: 'DELETE', path: /\/manifests\/(?!sha256:)/, fault: { kind: 'answer', status: 202 } })
  /** @returns how often the tags were listed, and one of them asked for */
  const deleteAgain = async () => {
    const { digest } = await behind.putManifest(one, await imageFor(behind))
    const before = asked()
    await repository.deleteManifest(digest, { expectTags: [one], tagsNow: [one] })
    return asked().map((count, at) => count - (before[at] ?? 0))
  }

  it('loses them one by one, after the next manifest, too', async () => {
    listAll()
    acceptTags()
    const expectTags = [one, two, three]
    await repository.deleteManifest(image.digest, { expectTags, tagsNow: expectTags })
    expect(expectTags.map(deletionsOf)).toEqual([1, 1, 1])
    expect(await deleteAgain()).toEqual([1, 2])
    expect(deletionsOf(one)).toBe(2)
  })

  it('is recognized by its first deletion: watched tags aren’t requested after the next one', async () => {
    await repository.deleteManifest(image.digest, { expectTags: [one, two, three] })
    expect(await deleteAgain()).toEqual([0, 0])
    expect(await tags()).toEqual([])
  })

  it('keeps a tag that was pushed again meanwhile', async () => {
    listAll()
    acceptTags()
    const expectTags = [one, two, three]
    const run = async () => void (await behind.putManifest(two, await imageFor(behind)))
    proxy.on({ method: 'GET', path: '/manifests/two', nth: 2, fault: { kind: 'run', run } })
    await repository.deleteManifest(image.digest, { expectTags, tagsNow: expectTags })
    expect(expectTags.map(deletionsOf)).toEqual([1, 0, 1])
  })
})

describe('a registry whose deletion fails after the manifest and before its tags, as distribution’s beside a push', () => {
  /** A tag that is being written can’t be read, and distribution gives up. It’s written when the registry is asked again. */
  async function beWritingATag() {
    const folder = join(
      server.storage,
      'docker/registry/v2/repositories',
      repository.name,
      '_manifests/tags/new/current',
    )
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'link'), '')
    const run = () => rm(dirname(folder), { recursive: true, force: true })
    proxy.on({ method: 'PUT', path: `${repository.name}/manifests/sha256:`, nth: 1, fault: { kind: 'run', run } })
  }

  it('is asked again, so that a deleted tag isn’t listed any more', async () => {
    await beWritingATag()
    expect(await remove(one)).toMatchObject({ outcome: 'replaced-then-deleted' })
    expect(await tags()).toEqual(['three', 'two'])
    expect((await behind.resolve(two)).digest).toBe(image.digest)
  })

  it('is asked again for an image, so that none of its tags is listed any more', async () => {
    await beWritingATag()
    const expectTags = [one, two, three]
    await repository.deleteManifest(image.digest, { expectTags, tagsNow: expectTags })
    expect(await tags()).toEqual([])
    await expect(behind.resolve(image.digest)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('has left tags of nothing behind: they don’t keep images from being deleted', async () => {
    const other = await behind.putManifest(parseTag('other'), await imageFor(behind))
    await beWritingATag()
    await fetch(`${server.url}/v2/${repository.name}/manifests/${other.digest}`, { method: 'DELETE' })
    await repository.putManifest(parseDigest(image.digest), await behind.manifest(image.digest))
    expect(await tags()).toEqual(['one', 'other', 'three', 'two'])
    await repository.deleteManifest(image.digest, { expectTags: [one, two, three] })
    expect(await tags()).toEqual(['other'])
  })
})
