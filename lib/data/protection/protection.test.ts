import { beforeEach, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { digestOfTag, pushImage, pushIndex } from '../../testing/servers/images.ts'
import { removeImage } from '../changes/delete-image.ts'
import { removeTag } from '../changes/delete-tag.ts'
import { previewChange } from '../changes/preview-deletion.ts'
import { retagImage } from '../changes/retag.ts'
import { readTagState } from '../changes/tag-state.ts'
import { undoChange } from '../changes/undo.ts'
import { runCopy } from '../jobs/copy-job.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'
import { addRule, listRules, removeRule, ruleInput } from './edit-protection.ts'
import { protectionOf } from './protection-of.ts'

// The real data layer over a real registry and a real database.
const layer = startDataLayer('SQLite')
const rights = { groups: [], readOnly: false } as const
const ada: Actor = { kind: 'user', username: 'ada', role: 'admin', grants: [], ...rights }
const allow = ['overwrite', 'delete', 'restore'] as const
const grant = { subject: { user: 'otto' }, role: 'operator', registry: '*', repository: '**', allow } as const
const otto: Actor = { kind: 'user', username: 'otto', role: 'none', grants: [grant], ...rights }
const place = { registry: 'local', repository: parseRepositoryName('web/app') }
const [latest, next, fresh] = [parseTag('latest'), parseTag('next'), parseTag('v2')]
let one: Digest
let two: Digest

beforeEach(async () => {
  for (const { id } of await listRules(ada)) await removeRule(ada, id)
  one = parseDigest((await pushImage(layer.url, place.repository, [latest])).digest)
  two = parseDigest((await pushImage(layer.url, place.repository, [next], { labels: { version: '2' } })).digest)
})

const protectLatest = () => addRule(ada, { name: 'Releases', query: 'repo:web/** tag:latest,v*' })
const written = () =>
  ['PUT', 'DELETE', 'POST', 'PATCH'].reduce((sum, method) => sum + layer.proxy.count(method, /./), 0)
const nothing = { signal: new AbortController().signal, report: () => {}, add: () => {} }

const paths: Readonly<Record<string, (actor: Actor, override?: string) => Promise<unknown>>> = {
  retag: (actor, override) => retagImage(actor, { ...place, from: two, to: latest, expect: one, override }),
  'deleting the tag': (actor, override) =>
    removeTag(actor, { ...place, tag: latest, expect: one, siblings: [], strategy: 'allow-replace', override }),
  'deleting the image': (actor, override) =>
    removeImage(actor, { ...place, digest: one, expectTags: [latest], force: false, layers: false, override }),
  copy: (actor, override) =>
    runCopy(
      actor,
      {
        source: { ...place, digest: two, selector: two },
        destination: { ...place, tag: latest, expect: one },
        platforms: null,
        referrers: false,
        override,
      },
      nothing,
    ),
}

test.each(Object.keys(paths))('a protected tag stays, for operators and admins: %s', async (name) => {
  await protectLatest()
  const before = written()
  for (const actor of [otto, ada])
    await expect(paths[name]?.(actor), actor.kind).rejects.toMatchObject({ name: 'ProtectedError', rule: 'Releases' })
  await expect(paths[name]?.(otto, 'because I want to')).rejects.toMatchObject({ mayOverride: false })
  expect(written()).toBe(before)
  expect(await digestOfTag(layer.url, place.repository, latest)).toBe(one)
})

test.each(Object.keys(paths))('an admin overrides a rule with a reason, which is recorded: %s', async (name) => {
  await protectLatest()
  await paths[name]?.(ada, 'leaked key, INC-2291')
  expect(await digestOfTag(layer.url, place.repository, latest)).not.toBe(one)
  const log = (await theStore()).read.selectFrom('audit_entry').selectAll().orderBy('seq', 'desc')
  const intent = await log.where('phase', '=', 'intent').executeTakeFirst()
  expect(intent).toMatchObject({ actor: 'ada', reason: 'leaked key, INC-2291' })
  expect(JSON.parse(intent?.detail ?? '')).toMatchObject({ overrides: 'Releases' })
})

test('a platform of a protected index isn’t deleted, even by force, unless an admin gives a reason', async () => {
  const name = parseRepositoryName('web/index')
  const platform = { os: 'linux', architecture: 'amd64' }
  const child = await pushImage(layer.url, name, [], { platform })
  await pushIndex(layer.url, name, [latest], [{ manifest: child, platform }])
  await protectLatest()
  const deletion = { ...place, repository: name, digest: parseDigest(child.digest), expectTags: [], layers: false }
  for (const actor of [otto, ada])
    await expect(removeImage(actor, { ...deletion, force: true })).rejects.toMatchObject({ name: 'ProtectedError' })
  expect(await previewChange(otto, { ...place, repository: name }, deletion.digest)).toMatchObject({
    protectedBy: { latest: 'Releases' },
    mayOverride: false,
  })
  await removeImage(ada, { ...deletion, force: true, override: 'rebuilt' })
  const outcome = await (await theStore()).read
    .selectFrom('audit_entry')
    .selectAll()
    .where('phase', '=', 'outcome')
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  expect(JSON.parse(outcome?.detail ?? '')).toMatchObject({ overrides: 'Releases', reason: 'rebuilt' })
})

test('undo doesn’t move a tag protected in the meantime', async () => {
  const { undo = '' } = await retagImage(otto, { ...place, from: two, to: latest, expect: one })
  await protectLatest()
  await expect(undoChange(otto, { ...place, change: undo })).rejects.toMatchObject({ name: 'ProtectedError' })
  expect(await digestOfTag(layer.url, place.repository, latest)).toBe(two)
})

test('a rule allows new tags, and each tag says which rule protects it', async () => {
  await protectLatest()
  await retagImage(otto, { ...place, from: two, to: fresh, expect: null })
  const protects = await protectionOf(place)
  expect([latest, next, fresh].map((tag) => protects(tag)?.name)).toEqual(['Releases', undefined, 'Releases'])
  const elsewhere = await protectionOf({ ...place, repository: parseRepositoryName('data/app') })
  expect(elsewhere(latest)).toBeUndefined()
})

test('only admins manage rules, and a rule must be decidable before any change', async () => {
  await expect(addRule(otto, { name: 'Mine', query: 'tag:x' })).rejects.toMatchObject({ name: 'AccessError' })
  await expect(listRules(otto)).rejects.toMatchObject({ name: 'AccessError' })
  for (const query of ['label:team=a', '', 'tag:(', 'tags:latest', 'has:signature'])
    expect(ruleInput.safeParse({ name: 'Bad', query }).success, query).toBe(false)
})

test('a tag named like what every object has is protected only by a rule', async () => {
  const tag = parseTag('constructor')
  await pushImage(layer.url, place.repository, [tag])
  await protectLatest()
  expect(await readTagState(ada, place, tag)).not.toHaveProperty('protectedBy')
  expect(await readTagState(ada, place, latest)).toMatchObject({ protectedBy: 'Releases' })
})
