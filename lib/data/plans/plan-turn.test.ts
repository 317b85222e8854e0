import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { ada, anna, configure } from '../testing/configure.ts'
import { inPlanTurn } from './plan-turn.ts'

const folder = await configure({ hub: 'http://127.0.0.1:1' })
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Plans that are made when the test says so. */
function makers() {
  const begun: { readonly owner: string; end(id: string): void }[] = []
  const make = inPlanTurn((_: Actor, owner: string) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    begun.push({ owner, end: resolve })
    return promise
  })
  return { begun, owners: () => begun.map(({ owner }) => owner), make }
}

test('plans of one person are made one after another, and nobody else’s wait for them', async () => {
  const { begun, owners, make } = makers()
  const [first, second] = [make(anna, 'anna'), make(anna, 'anna again')]
  const other = make(ada, 'ada')
  await expect.poll(owners).toEqual(['anna', 'ada'])
  begun[1]?.end('3')
  expect(await other).toBe('3')
  expect(owners()).toEqual(['anna', 'ada'])
  begun[0]?.end('1')
  expect(await first).toBe('1')
  await expect.poll(owners).toEqual(['anna', 'ada', 'anna again'])
  begun[2]?.end('2')
  expect(await second).toBe('2')
})

test('a person who asks for many plans at once is told to wait, and can plan again afterwards', async () => {
  const { begun, owners, make } = makers()
  const asked = Array.from({ length: 30 }, (_, n) => make(anna, `${n}`).catch((error) => error.code))
  for (let n = 0; n < 10; n++) {
    await expect.poll(owners).toHaveLength(n + 1)
    begun[n]?.end('made')
  }
  expect(await Promise.all(asked)).toEqual([...Array(10).fill('made'), ...Array(20).fill('too-many')])
  const later = make(anna, 'later')
  await expect.poll(owners).toHaveLength(11)
  begun[10]?.end('made')
  expect(await later).toBe('made')
})

test('a plan that can’t be made doesn’t keep the next one from being made', async () => {
  const make = inPlanTurn(async (_: Actor, id: string) => {
    if (id === 'bad') throw new Error('no')
    return id
  })
  const [bad, good] = await Promise.allSettled([make(anna, 'bad'), make(anna, 'good')])
  expect([bad.status, good]).toEqual(['rejected', { status: 'fulfilled', value: 'good' }])
})
