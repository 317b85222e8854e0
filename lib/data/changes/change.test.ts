import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { pushImage } from '../../testing/servers/images.ts'

// What every change promises, over a real registry whose requests are recorded.
const { events } = vi.hoisted(() => ({ events: [] as string[] }))
vi.mock('../../catalog/changed.ts', async (original) => {
  const real = await original<typeof import('../../catalog/changed.ts')>()
  return {
    ...real,
    repositoryChanged: (repository: Repository) => {
      events.push(`${repository.registry.name}/${repository.name}`)
      return real.repositoryChanged(repository)
    },
  }
})

let folder = ''
let registry: DockerRegistry
let proxy: FaultProxy
const rights = { groups: [], grants: [], readOnly: false } as const
const admin: Actor = { kind: 'user', username: 'anna', role: 'admin', ...rights }
const viewer: Actor = { kind: 'user', username: 'bo', role: 'viewer', ...rights }
const [latest, next] = [parseTag('latest'), parseTag('next')]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  // `early` is the same registry, of which Lading doesn't know yet how it deletes tags.
  const registries = ['local', 'early'].map((name) => `  - { name: ${name}, url: '${proxy.url}' }\n`)
  await writeFile(join(folder, 'lading.yaml'), `registries:\n${registries.join('')}`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})
afterEach(() => {
  proxy.clear()
  events.length = 0
})

/** Each change, on a repository of its own where it would work for the admin. */
async function changes() {
  const [{ retagImage }, { removeTag }, { removeImage }, { undoChange }, { runCopy }] = await Promise.all([
    import('./retag.ts'),
    import('./delete-tag.ts'),
    import('./delete-image.ts'),
    import('./undo.ts'),
    import('../jobs/copy-job.ts'),
  ])
  const expect1 = (digest: Digest) => ({ digest, expectTags: [latest], force: false, layers: false })
  return {
    'a retag over a tag': (actor: Actor, place: Place, [one, two]: [Digest, Digest]) =>
      retagImage(actor, { ...place, from: two, to: latest, expect: one }),
    'a tag deletion': (actor: Actor, place: Place, [one]: [Digest, Digest]) =>
      removeTag(actor, { ...place, tag: latest, expect: one, siblings: [], strategy: 'allow-replace' }),
    'an image deletion': (actor: Actor, place: Place, [one]: [Digest, Digest]) =>
      removeImage(actor, { ...place, ...expect1(one) }),
    'a copy over a tag': (actor: Actor, place: Place, [one, two]: [Digest, Digest]) =>
      runCopy(
        actor,
        {
          source: { ...place, digest: two, selector: two },
          destination: { ...place, tag: latest, expect: one },
          platforms: null,
          referrers: false,
        },
        { signal: new AbortController().signal, report: () => {}, add: () => {} },
      ),
    undo: (actor: Actor, place: Place) => undoChange(actor, { ...place, change: 'none' }),
  }
}

async function pushed(name: string): Promise<{ place: Place; digests: [Digest, Digest] }> {
  const place = { registry: 'local', repository: parseRepositoryName(`frame/${name.replaceAll(' ', '-')}`) }
  const one = await pushImage(registry.url, place.repository, [latest])
  const two = await pushImage(registry.url, place.repository, [next], { labels: { version: '2' } })
  return { place, digests: [parseDigest(one.digest), parseDigest(two.digest)] }
}

const written = () => ['PUT', 'DELETE', 'POST', 'PATCH'].reduce((sum, method) => sum + proxy.count(method, /./), 0)

test('a forbidden change sends no request and notifies no cache', async () => {
  for (const [name, change] of Object.entries(await changes())) {
    const { place, digests } = await pushed(`denied ${name}`)
    for (const actor of [viewer, { ...admin, readOnly: true }])
      await expect(change(actor, place, digests), name).rejects.toMatchObject({ name: 'AccessError' })
    expect(proxy.count('GET', place.repository) + proxy.count('HEAD', place.repository) + written()).toBe(0)
    expect(events).toEqual([])
  }
})

test('a change whose originals can’t be saved doesn’t happen, and still notifies the caches once', async () => {
  const { theStore } = await import('../../store/the-store.ts')
  const { write } = await theStore()
  await sql`
    create trigger refuse before insert on change_entry begin select raise(abort, 'no room'); end`.execute(write)
  for (const [name, change] of Object.entries(await changes())) {
    if (name === 'undo') continue
    const { place, digests } = await pushed(`full ${name}`)
    const before = written()
    await expect(change(admin, place, digests), name).rejects.toMatchObject({ name: 'StoreError' })
    // A deletion asks what the registry deletes, by names that do not exist.
    const probes = name.endsWith('deletion') ? 2 : 0
    expect(written() - before, name).toBeLessThanOrEqual(probes)
    expect(events.splice(0), name).toEqual([`local/${place.repository}`])
  }
  await sql`drop trigger refuse`.execute(write)
})

test('a change notifies the caches once, whether it succeeds, is refused or loses the registry', async () => {
  for (const [name, change] of Object.entries(await changes())) {
    const { place, digests } = await pushed(`event ${name}`)
    proxy.on({ method: 'GET', path: place.repository, fault: { kind: 'reset' } })
    await expect(change(admin, place, digests), name).rejects.toMatchObject({ name: 'RegistryError' })
    expect(events.splice(0), name).toEqual([`local/${place.repository}`])
    proxy.clear()
    if (name === 'undo') continue
    await change(admin, place, [digests[1], digests[0]]).catch(() => {})
    expect(events.splice(0), name).toEqual([`local/${place.repository}`])
    await change(admin, place, digests)
    expect(events.splice(0), name).toEqual([`local/${place.repository}`])
  }
})

test('whatever a change removes is saved, and undo restores it under its tag', async () => {
  const { undoChange } = await import('./undo.ts')
  const { readTagState } = await import('./tag-state.ts')
  const { changeJournal } = await import('./change-journal.ts')
  for (const [name, change] of Object.entries(await changes())) {
    if (name === 'undo') continue
    const { place, digests } = await pushed(`undo ${name}`)
    await change(admin, place, digests)
    const kept = (await changeJournal().entries()).findLast(({ record }) => record.repository === place.repository)
    expect(kept, name).toMatchObject({ record: { digest: digests[0] }, outcome: expect.any(String) })
    expect(await undoChange(admin, { ...place, change: kept?.id ?? '' }), name).toMatchObject({ tags: ['latest'] })
    expect(await readTagState(admin, place, latest), name).toMatchObject({ digest: digests[0] })
  }
})

test('undo moves a tag back only while it points at what the change left there', async () => {
  const { retagImage } = await import('./retag.ts')
  const { undoChange } = await import('./undo.ts')
  const { place, digests } = await pushed('moved since')
  const third = parseDigest((await pushImage(registry.url, place.repository, ['third'], { labels: { v: '3' } })).digest)
  const { undo = '' } = await retagImage(admin, { ...place, from: digests[1], to: latest, expect: digests[0] })
  await retagImage(admin, { ...place, from: third, to: latest, expect: digests[1] })
  await expect(undoChange(admin, { ...place, change: undo })).rejects.toMatchObject({ kind: 'conflict' })
})

test('the preview of a deletion sends no DELETE while Lading is read-only', async () => {
  const { previewChange } = await import('./preview-deletion.ts')
  const { place } = await pushed('preview')
  expect(await previewChange({ ...admin, readOnly: true }, place, latest)).toMatchObject({ readOnly: true })
  expect(proxy.count('DELETE', place.repository)).toBe(0)
  await previewChange(admin, place, latest)
  expect(proxy.count('DELETE', place.repository)).toBeGreaterThan(0)
})

test('a registry that lists nothing still shows the repositories that were written to or opened', async () => {
  const { readNames } = await import('../registries/read-repositories.ts')
  const { readPath } = await import('../registries/read-path.ts')
  const { retagImage } = await import('./retag.ts')
  const state = { q: '', sort: 'version', dir: 'desc', page: 1, names: '', namesPage: 1 } as const
  proxy.on({ path: '/v2/_catalog', fault: { kind: 'answer', status: 404 } })
  const names = async () => (await readNames(admin)).registries.flatMap((each) => each.names)
  const opened = await pushed('opened')
  const written = await pushed('written')
  expect(await names()).not.toContain(opened.place.repository)
  await readPath(admin, opened.place, state)
  await retagImage(admin, { ...written.place, from: latest, to: parseTag('new'), expect: null })
  expect(await names()).toEqual(expect.arrayContaining([opened.place.repository, written.place.repository]))
})

test('a tag deletion isn’t verified once another tag of the image points elsewhere', async () => {
  const { removeTag } = await import('./delete-tag.ts')
  const repository = parseRepositoryName('frame/meanwhile')
  const image = await pushImage(registry.url, repository, [latest, next])
  const move = async () => void (await pushImage(registry.url, repository, [next], { labels: { of: 'somebody else' } }))
  proxy.on({ method: 'PUT', path: `/${repository}/manifests/${latest}`, nth: 1, fault: { kind: 'run', run: move } })
  const input = { tag: latest, expect: parseDigest(image.digest), siblings: [next], strategy: 'allow-replace' as const }
  const { verified, problems } = await removeTag(admin, { registry: 'early', repository, ...input })
  proxy.clear()
  expect(verified).toBe(false)
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${next} points at sha256:`))])
})

test('a tag deletion names the tags that the registry deleted too and that were restored', async () => {
  const { removeTag } = await import('./delete-tag.ts')
  const repository = parseRepositoryName('frame/taken')
  const image = await pushImage(registry.url, repository, [latest, next])
  // As early zot did: DELETE of a tag deletes the manifest.
  proxy.on({
    method: 'DELETE',
    path: /\/manifests\/(?!sha256:)/,
    fault: {
      kind: 'handle',
      async answer({ url }, response) {
        if (!url?.endsWith(`/${latest}`))
          return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
        const manifest = `${registry.url}/v2/${repository}/manifests/${image.digest}`
        response.writeHead((await fetch(manifest, { method: 'DELETE' })).status).end()
      },
    },
  })
  const input = { tag: latest, expect: parseDigest(image.digest), siblings: [next], strategy: 'allow-replace' as const }
  const result = await removeTag(admin, { registry: 'early', repository, ...input })
  expect(result).toMatchObject({ outcome: 'deleted', verified: true, putBack: [next] })
})
