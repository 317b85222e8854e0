import { randomBytes } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { parseDigest } from '../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../oci/reference.ts'
import { openChangeJournal } from './change-journal.ts'
import { fencedBy, unfenced } from './leases/fence.ts'
import { holdLease } from './leases/lease.ts'
import { endLease } from './leases/take-lease.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'
import { describeEachDatabase } from './testing/each-database.ts'

const digest = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`)
const manifest = {
  registry: 'hub',
  repository: parseRepositoryName('team/app'),
  digest: digest('a'),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
}
const place = { registry: 'hub', repository: manifest.repository }
const opened: Store[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()))
})

describeEachDatabase('a journal of changes', (databases) => {
  async function open(location?: Awaited<ReturnType<typeof databases.create>>) {
    const at = location ?? (await databases.create())
    const store = await openStore(at)
    opened.push(store)
    return { at, store, journal: openChangeJournal(async () => store) }
  }

  it('keeps every record, byte for byte, for every process', async () => {
    const { at, journal } = await open()
    const bytes = new Uint8Array(randomBytes(70_000))
    const record = { ...manifest, tag: parseTag('1.0'), bytes, placeholder: digest('b') }
    const entry = await journal.begin(record, { by: 'anna', plan: 'p' })
    const { journal: other } = await open(at)
    expect(await other.open()).toMatchObject([
      { id: entry.id, record, placeholders: [digest('b')], by: 'anna', plan: 'p' },
    ])
    await entry.step('replaced', digest('c'))
    await entry.tookAlong([parseTag('latest')])
    await entry.end('deleted')
    expect(await other.open()).toEqual([])
    expect(await other.entry(entry.id)).toMatchObject({
      outcome: 'deleted',
      placeholders: [digest('b'), digest('c')],
      tookAlong: ['latest'],
    })
    expect((await other.entry(entry.id))?.record.bytes).toEqual(bytes)
    await other.close(entry.id, 'overwritten', digest('d'))
    expect(await journal.entry(entry.id)).toMatchObject({ outcome: 'overwritten', replacement: digest('d') })
    await other.restored(entry.id)
    expect(await journal.entry(entry.id)).toMatchObject({ outcome: 'overwritten', isRestored: true })
  })

  it('knows the placeholder of a deletion that an earlier version began', async () => {
    const { journal, store } = await open()
    const { id } = await journal.begin({ ...manifest, tag: parseTag('1.0'), bytes: new Uint8Array([1]) })
    const record = JSON.stringify({ ...manifest, tag: '1.0', standIn: digest('b') })
    await store.write.updateTable('change_entry').set({ record }).where('id', '=', id).execute()
    expect((await journal.entry(id))?.record).toMatchObject({ placeholder: digest('b') })
  })

  it('distinguishes changes to tags, images and moves, and those of one repository', async () => {
    const { journal } = await open()
    const bytes = new Uint8Array([1])
    await journal.begin({ ...manifest, tags: [], bytes })
    const moved = { ...manifest, tag: parseTag('latest'), replacement: null, bytes }
    await new Promise((resolve) => setTimeout(resolve, 2))
    const { id } = await journal.begin(moved)
    await new Promise((resolve) => setTimeout(resolve, 2))
    await journal.begin({ ...moved, repository: parseRepositoryName('team/other') })
    const here = await journal.entries({ place })
    expect(here.map(({ record }) => record)).toEqual([{ ...manifest, tags: [], bytes }, moved])
    expect(await journal.entries({ place, since: '2999-01-01T00:00:00.000Z' })).toEqual([])
    const all = await journal.entries()
    expect(all).toHaveLength(3)
    expect(all[1]?.id).toBe(id)
  })

  it('forgets what began before a time, except what is still open', async () => {
    const { journal } = await open()
    const begin = () => journal.begin({ ...manifest, tag: parseTag('1.0'), bytes: new Uint8Array([1]) })
    const [ended, unsettled] = [await begin(), await begin()]
    await ended.end('deleted')
    expect(await journal.forgetBefore(new Date(Date.now() - 60_000))).toBe(0)
    expect(await journal.forgetBefore(new Date(Date.now() + 60_000))).toBe(1)
    expect((await journal.entries()).map(({ id }) => id)).toEqual([unsettled.id])
  })

  it('stops a process whose lease was considered expired', async () => {
    const { store, journal } = await open()
    const { dialect, write } = store
    const lease = await holdLease(store, 'process 1')
    if (!lease) throw new Error('the lease is free')
    await fencedBy(lease, async () => {
      const entry = await journal.begin({ ...manifest, tag: parseTag('1.0'), bytes: new Uint8Array() })
      const [open] = await journal.open()
      expect(open?.under).toEqual({ name: 'process 1', fence: lease.fence })
      const end = () => unfenced(() => endLease(write, dialect, lease, 15_000))
      expect(await end(), 'while it is held').toBe(false)
      await entry.step('replaced')
      await unfenced(() => write.updateTable('lease').set({ expires_at: 0 }).execute())
      expect(await end()).toBe(true)
      await expect(entry.step('deleted')).rejects.toMatchObject({ name: 'LeaseError' })
      await expect(entry.end('deleted')).rejects.toMatchObject({ name: 'LeaseError' })
      expect((await journal.open())[0]?.outcome).toBeUndefined()
    })
  })
})
