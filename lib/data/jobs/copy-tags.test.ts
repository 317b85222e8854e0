import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { writeSamples } from '../../registry/layout/samples/samples.ts'
import type { CopyTagsInput } from './copy-tags-job.ts'
import type { JobView } from './jobs.ts'

// The real data layer over two real layouts: one with the samples, one to copy into.
let folder = ''
const HASH = '$2b$04$0123456789012345678901uXVSJ5xGzqTgnH3h5nFD5zYXBc3KXyW'
const rights = { groups: [], grants: [], readOnly: false } as const
const anna: Actor = { kind: 'user', username: 'anna', role: 'admin', ...rights }
const otto: Actor = { kind: 'user', username: 'otto', role: 'operator', ...rights }
const vera: Actor = { kind: 'user', username: 'vera', role: 'viewer', ...rights }
const SHOP = { registry: 'local', repository: parseRepositoryName('samples/web/storefront') }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  await writeSamples(join(folder, 'layout'))
  await mkdir(join(folder, 'other'))
  await writeFile(join(folder, 'other', 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(folder, 'other', 'index.json'), '{"schemaVersion":2,"manifests":[]}')
  const users = [anna, otto, vera].map(
    ({ username, role }) => `  - { username: ${username}, passwordHash: '${HASH}', role: ${role} }\n`,
  )
  await writeFile(
    join(folder, 'lading.yaml'),
    `registries:\n  - { name: local, layout: ./layout }\n  - { name: other, layout: ./other }\nusers:\n${users.join('')}`,
  )
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function input(repository: string, changes: Partial<CopyTagsInput> = {}): CopyTagsInput {
  return {
    source: SHOP,
    destination: { registry: 'other', repository: parseRepositoryName(repository) },
    select: { matching: '', except: [] },
    existing: 'keep',
    referrers: true,
    ...changes,
  }
}

async function run(actor: Actor, asked: CopyTagsInput): Promise<JobView | undefined> {
  const { startCopyTags, followJob } = await import('./jobs.ts')
  const { id } = await startCopyTags(actor, asked)
  let last: JobView | undefined
  for await (const job of (await followJob(actor, id))(new AbortController().signal)) last = job
  return last
}

async function at(registry: string, repository: string) {
  const { openRepository } = await import('../registries/open.ts')
  return openRepository(anna, 'browse', { registry, repository: parseRepositoryName(repository) })
}

const outcomes = (job: JobView | undefined) =>
  Object.fromEntries(job?.items.map((one) => [one.name, one.outcome]) ?? [])

test('copies a whole repository with its referrers, and nothing the second time', async () => {
  const [from, to] = [await at('local', SHOP.repository), await at('other', 'all/shop')]
  const { selectedTags } = await import('../tags/selected-tags.ts')
  const { tags } = await selectedTags(from, SHOP, { matching: '', except: [] })
  expect(tags.length).toBeGreaterThan(3)
  const first = await run(anna, input('all/shop'))
  expect(first?.items.filter(({ outcome }) => outcome !== 'copied')).toEqual([])
  expect(first).toMatchObject({ state: 'done', progress: { done: tags.length, total: tags.length } })
  expect(outcomes(first)).toEqual(Object.fromEntries(tags.map((tag) => [tag, 'copied'])))
  for (const tag of tags) expect((await to.resolve(tag)).digest).toBe((await from.resolve(tag)).digest)
  const { countReferrers } = await import('../manifest/count-referrers.ts')
  const { digest } = await from.resolve(parseTag('latest'))
  const there = { registry: 'other', repository: parseRepositoryName('all/shop') }
  expect(await countReferrers(anna, there, { digest })).toEqual(await countReferrers(anna, SHOP, { digest }))
  const again = await run(anna, input('all/shop'))
  expect(outcomes(again)).toEqual(Object.fromEntries(tags.map((tag) => [tag, 'already there'])))
})

test('keeps a tag on another image there, and moves it only when asked and allowed', async () => {
  const to = await at('other', 'kept/shop')
  const [one, two] = await someTags()
  await run(anna, input('kept/shop', { select: { tags: [one] } }))
  const { digest } = await to.resolve(one)
  const { retagImage } = await import('../changes/retag.ts')
  await retagImage(anna, { ...placeOf('kept/shop'), from: digest, to: two, expect: null })
  const kept = await run(anna, input('kept/shop', { select: { tags: [two] } }))
  expect(outcomes(kept)).toEqual({ [two]: 'kept' })
  expect((await to.resolve(two)).digest).toBe(digest)
  const { startCopyTags } = await import('./jobs.ts')
  const overwriting = input('kept/shop', { select: { tags: [two] }, existing: 'overwrite' })
  await expect(startCopyTags(otto, overwriting)).rejects.toMatchObject({ code: 'denied' })
  expect(outcomes(await run(anna, overwriting))).toEqual({ [two]: 'copied' })
  expect((await to.resolve(two)).digest).not.toBe(digest)
})

test('a tag that can’t be copied doesn’t hold up others, and retrying copies only the rest', async () => {
  const [one] = await someTags()
  const gone = parseTag('gone')
  const job = await run(anna, input('partly/shop', { select: { tags: [gone, one] } }))
  expect(job).toMatchObject({
    state: 'failed',
    problem: { code: 'job.partly', detail: '1 of 2 tags couldn’t be copied.' },
  })
  expect(outcomes(job)).toEqual({ [gone]: 'failed', [one]: 'copied' })
  const { retryJob, followJob } = await import('./jobs.ts')
  let last: JobView | undefined
  const { id } = await retryJob(anna, job?.id ?? '')
  for await (const next of (await followJob(anna, id))(new AbortController().signal)) last = next
  expect(outcomes(last)).toEqual({ [gone]: 'failed', [one]: 'already there' })
})

test('says beforehand how many tags there are and which of them the destination has', async () => {
  const [one] = await someTags()
  await run(anna, input('preview/shop', { select: { tags: [one] } }))
  const { previewCopyTags } = await import('./copy-tags-preview.ts')
  const { source, destination, select } = input('preview/shop')
  const preview = await previewCopyTags(anna, { source, destination, select })
  expect(preview).toMatchObject({ existing: 1, names: [one], isLowerBound: false, mayOverwrite: true })
  expect(preview.tags).toBeGreaterThan(1)
  expect(await previewCopyTags(otto, { source, destination, select })).toMatchObject({ mayOverwrite: false })
})

test('refuses copies without the right to create tags there, and a copy onto itself', async () => {
  const { startCopyTags } = await import('./jobs.ts')
  await expect(startCopyTags(vera, input('refused/shop'))).rejects.toMatchObject({ code: 'denied' })
  await expect(startCopyTags(anna, input('x', { destination: SHOP }))).rejects.toMatchObject({ kind: 'unsupported' })
})

/** Two tags of different images. */
async function someTags() {
  const from = await at('local', SHOP.repository)
  const { selectedTags } = await import('../tags/selected-tags.ts')
  const { tags } = await selectedTags(from, SHOP, { matching: '', except: [] })
  const digests = await Promise.all(tags.map(async (tag) => (await from.resolve(tag)).digest))
  const other = tags.find((_, index) => digests[index] !== digests[0])
  if (!tags[0] || !other) throw new Error('the samples have too few tags')
  return [tags[0], other] as const
}

function placeOf(repository: string) {
  return { registry: 'other', repository: parseRepositoryName(repository) }
}
