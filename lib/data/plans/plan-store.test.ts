import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { HOLDS_NOTHING, type Plan, type PlannedItem } from './plan.ts'
import { countItems, tickItems, waitingItems } from './plan-items.ts'
import { findPlan, MOST_UNUSED, setPlan, storePlan } from './plan-store.ts'

const opened = vi.hoisted(() => ({ store: undefined as Store | undefined }))
vi.mock('../../store/the-store.ts', () => ({ theStore: async () => opened.store }))

const repository = parseRepositoryName('team/app')
const item: PlannedItem = {
  kind: 'image',
  tags: ['1.0'],
  keptBy: [],
  holds: HOLDS_NOTHING,
}
const plan = (owner: string, more: { readonly retentionRun?: string } = {}) =>
  storePlan({ owner, registry: 'hub', repository, tagsBefore: 1, freesAtMost: 0, ...more }, [item])

const DAY = 24 * 3_600_000
const asConfigured = vi.hoisted(() => ({ trashDays: 90 }))
vi.mock('../../config/config.ts', () => ({ config: () => asConfigured }))

describeEachDatabase('plans', (databases) => {
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    opened.store = await openStore(await databases.create())
  })
  afterEach(async () => {
    vi.useRealTimers()
    await opened.store?.close()
  })

  it.each([
    [30, 90],
    [365, 365],
  ])(
    'with a trash of %i days, started ones are kept while they can be undone, and 90 days at least',
    async (trashDays, kept) => {
      asConfigured.trashDays = trashDays
      const id = await plan('anna')
      await setPlan(id, ['draft'], { state: 'running', started: true })
      vi.setSystemTime(Date.now() + (kept - 1) * DAY)
      const draft = await plan('bo')
      expect(await findPlan(id)).toBeDefined()
      vi.setSystemTime(Date.now() + 2 * DAY)
      await plan('bo')
      expect(await findPlan(id)).toBeUndefined()
      vi.setSystemTime(Date.now() + 90 * DAY)
      await plan('bo')
      expect(await findPlan(draft)).toBeUndefined()
    },
  )

  it('start only with the selection of the revision that is named, also while it is being changed', async () => {
    const id = await plan('anna')
    const { revision } = (await findPlan(id)) as Plan
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holding = opened.store?.write.transaction().execute(async (db) => {
      await db.updateTable('plan_item').set({ detail: null }).where('plan_id', '=', id).execute()
      held.resolve()
      await free.promise
    })
    await held.promise
    const ticking = tickItems(id, false)
    await delay(50)
    const starting = setPlan(id, ['draft'], { state: 'running', started: true }, revision)
    await delay(50)
    free.resolve()
    const [isStarted] = await Promise.all([starting, ticking, holding])
    expect(await waitingItems(id)).toHaveLength(isStarted ? 1 : 0)
  })

  it('that nobody starts are kept as long as their maker makes few others, and whatever others make', async () => {
    const make = async (count: number, ...args: Parameters<typeof plan>) => {
      const ids: string[] = []
      for (let n = 0; n < count; n++) {
        vi.setSystemTime(Date.now() + 1_000)
        ids.push(await plan(...args))
      }
      return ids
    }
    const [started = '', cancelled = '', ...drafts] = await make(5, 'anna')
    const [bos = ''] = await make(1, 'bo')
    const [scheduled = ''] = await make(1, 'anna', { retentionRun: 'run' })
    await setPlan(started, ['draft'], { state: 'running', started: true })
    await setPlan(cancelled, ['draft'], { state: 'cancelled', ended: true })
    await make(MOST_UNUSED - drafts.length, 'anna')
    for (const id of [started, bos, scheduled, ...drafts]) expect(await findPlan(id)).toBeDefined()
    expect(await findPlan(cancelled)).toBeUndefined()
    await make(MOST_UNUSED, 'anna')
    for (const id of [started, bos, scheduled]) expect(await findPlan(id)).toBeDefined()
    for (const id of drafts) {
      expect(await findPlan(id)).toBeUndefined()
      expect(await countItems(id, 'all')).toBe(0)
    }
  })
})
