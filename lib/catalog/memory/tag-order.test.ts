import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortTags } from '../../image/inspect/tags.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { sortBySummary, TagOrder } from './tag-order.ts'

const tag = fc.stringMatching(/^(?:v?\d{1,2}(?:\.\d{1,2}){0,2}(?:-rc\d)?|[a-c]{1,3}|7e3f)$/).map(parseTag)
const tags = fc.uniqueArray(tag, { maxLength: 40 })
const key = fc.constantFrom('name', 'version')
const direction = fc.constantFrom('asc', 'desc')
/** Makes a list long enough for every way of merging. */
const many = (some: readonly Tag[]) => [...new Set(some.flatMap((each) => [each, parseTag(`${each}.7`)]))]

test('orders tags like sortTags', () =>
  fc.assert(
    fc.asyncProperty(tags, key, direction, async (some, by, dir) => {
      expect(await new TagOrder(some).by(by, dir)).toEqual(sortTags(some, by, dir))
    }),
  ))

test('updates an order for a later list as if that had been sorted from scratch', () =>
  fc.assert(
    fc.asyncProperty(tags, tags, key, direction, async (before, added, by, dir) => {
      const order = new TagOrder(many(before))
      await order.by(by, dir)
      const after = [...new Set([...many(before).slice(2), ...added])]
      expect(await (await order.next(after)).by(by, dir)).toEqual(sortTags(after, by, dir))
    }),
  ))

test('orders by creation and size like sortTags, unknown ones last', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(tag, fc.option(fc.nat(5), { nil: undefined })), { maxLength: 40 }),
      direction,
      async (some, dir) => {
        const summaries = new Map(
          some.map(([name, number]) => [
            name,
            number === undefined ? {} : { size: number, created: `2026-01-0${number + 1}T00:00:00Z` },
          ]),
        )
        for (const by of ['size', 'created'] as const)
          expect(await sortBySummary([...summaries.keys()], by, dir, (name) => summaries.get(name))).toEqual(
            sortTags([...summaries.keys()], by, dir, summaries),
          )
      },
    ),
  ))

test('sorts a hundred thousand tags without blocking the event loop for 50 ms', async () => {
  const list = Array.from({ length: 100_000 }, (_, index) => parseTag(`1.${(index * 7_919) % 100_000}.0-build${index}`))
  let longest = 0
  // The thread's own processor time: what others on a busy machine take is not ours.
  let last = process.threadCpuUsage().user
  const timer = setInterval(() => {
    const now = process.threadCpuUsage().user
    longest = Math.max(longest, (now - last) / 1_000)
    last = now
  }, 1)
  const order = await new TagOrder(list).by('version', 'desc')
  clearInterval(timer)
  expect(order[0]).toMatch(/^1\.99999\.0-/)
  expect(longest).toBeLessThan(50)
})
