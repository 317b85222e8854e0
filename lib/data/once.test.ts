import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { keyedInput, readKeyedInput } from '../routes/keyed-input.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import { describeEachDatabase } from '../store/testing/each-database.ts'
import { once } from './once.ts'

const opened = vi.hoisted(() => ({ store: undefined as Store | undefined }))
vi.mock('../store/the-store.ts', () => ({
  theStore: async () => {
    if (!opened.store) throw new StoreError('unreachable', 'The database is down')
    return opened.store
  },
}))

const user = (username: string): Actor => ({
  ...{ kind: 'user', username, groups: [], role: 'admin', grants: [], readOnly: false },
})
const sent = (key: string, input: unknown = { tag: 'latest' }, actor = user('anna')) => ({
  ...{ key, actor, address: '192.0.2.7', input },
})

describeEachDatabase('a call that is sent twice', (databases) => {
  let store: Store
  let calls = 0
  const work = async () => {
    calls++
    await new Promise((resolve) => setTimeout(resolve, 50))
    return { ok: true, value: { token: `canary-${calls}` } } as const
  }
  beforeEach(async () => {
    calls = 0
    vi.stubEnv('NEXTAUTH_SECRET', 'a secret of the test that is long enough')
    store = await openStore(await databases.create())
    opened.store = store
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    await store.close()
  })

  it('happens once, at once or later, and is answered twice', async () => {
    const both = await Promise.all([once(sent('1'), work), once(sent('1'), work)])
    expect(both).toEqual([both[0], both[0]])
    expect(await once(sent('1'), work)).toEqual(both[0])
    expect(calls).toBe(1)
    await once(sent('2'), work)
    expect(calls).toBe(2)
  })

  it('isn’t confused with another person’s, nor with another input', async () => {
    await once(sent('1'), work)
    await once(sent('1', { tag: 'latest' }, user('bo')), work)
    expect(calls).toBe(2)
    expect(await once(sent('1', { tag: 'other' }), work)).toMatchObject({ ok: false, problem: { code: 'input' } })
    expect(calls).toBe(2)
  })

  it('fails twice when it fails, and stores no readable secret', async () => {
    const problem = { code: 'x', title: 'No', detail: 'No' }
    for (const _ of [1, 2])
      expect(await once(sent('1'), async () => ({ ok: false, problem }))).toEqual({ ok: false, problem })
    await once(sent('2'), work)
    expect(JSON.stringify(await store.read.selectFrom('sent_once').selectAll().execute())).not.toContain('canary')
  })

  it('happens once although the database goes down while the second waits for the first', async () => {
    const key = `lost ${databases.kind}`
    let finish = () => {}
    const slow = async () => {
      calls++
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return { ok: true, value: 'done' } as const
    }
    const first = once(sent(key), slow)
    await expect.poll(() => calls).toBe(1)
    const second = once(sent(key), work)
    opened.store = undefined
    const third = once(sent(key), work)
    const other = once(sent(key, { tag: 'other' }), work)
    expect(await other).toMatchObject({ ok: false, problem: { code: 'input' } })
    finish()
    expect(await Promise.all([first, second, third])).toEqual(Array(3).fill({ ok: true, value: 'done' }))
    expect(calls).toBe(1)
  })

  it('isn’t repeated while the database with its answer is down, in this process or after another one’s', async () => {
    const [key, theirs] = [`kept ${databases.kind}`, `theirs ${databases.kind}`]
    await once(sent(key), work)
    // As by a process that is still at work.
    const { input } = await store.read.selectFrom('sent_once').select('input').executeTakeFirstOrThrow()
    const row = { key: createHash('sha256').update(`user anna ${theirs}`).digest('hex'), input, sent_at: Date.now() }
    await store.write
      .insertInto('sent_once')
      .values({ ...row, answer: null })
      .execute()
    const waiting = once(sent(theirs), work)
    await new Promise((resolve) => setTimeout(resolve, 100))
    opened.store = undefined
    vi.spyOn(store.read, 'selectFrom').mockImplementation(() => {
      throw new StoreError('unreachable', 'The database is down')
    })
    for (const answer of await Promise.all([once(sent(key), work), waiting]))
      expect(answer).toMatchObject({ ok: false, problem: { code: 'action.unfinished' } })
    expect(calls).toBe(1)
  })

  it('happens once in a process while the database is down', async () => {
    opened.store = undefined
    const key = `down ${databases.kind}`
    expect(await Promise.all([once(sent(key), work), once(sent(key), work)])).toHaveLength(2)
    expect(calls).toBe(1)
  })
})

it('takes the key off an input, and leaves everything else to its schema', () => {
  const key = 'ab'.repeat(16)
  expect(readKeyedInput(keyedInput(key, { tag: 'x' }))).toEqual({ key, input: { tag: 'x' } })
  for (const input of [undefined, null, 'text', { tag: 'x' }, { $key: 'short', $input: 1 }, { $key: key, more: 1 }])
    expect(readKeyedInput(input)).toEqual({ input })
})
