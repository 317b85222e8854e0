import { expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { cpuTime } from '../../testing/cpu-time.ts'
import { type Hint, HintQueue } from './hint-queue.ts'

const hint = (repository: string, tag: string, how: Hint['how'] = 'notification'): Hint => ({
  registry: 'hub',
  repository: parseRepositoryName(repository),
  tag: parseTag(tag),
  how,
})

/** A queue whose hints are looked at until `finish`, and those begun so far. */
function startQueue() {
  const begun: string[] = []
  const waiting: (() => void)[] = []
  const queue = new HintQueue(({ repository, tag, how }) => {
    begun.push(`${repository}:${tag} ${how}`)
    return new Promise((resolve) => waiting.push(resolve))
  })
  queue.isStarted = true
  const finish = async () => {
    for (const done of waiting.splice(0)) done()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { queue, begun, finish }
}

it('takes 10,000 notifications at once without holding up anything else', async () => {
  const { queue, begun, finish } = startQueue()
  const { took } = cpuTime(() => {
    for (let n = 0; n < 10_000; n++) queue.add(hint('team/app', `1.${n}`))
  })
  expect(took).toBeLessThan(200)
  expect(begun).toHaveLength(1)
  await finish()
  expect(begun).toHaveLength(2)
})

it('looks at Lading’s own changes first, however many notifications wait', async () => {
  const { queue, begun, finish } = startQueue()
  for (let n = 0; n < 10_000; n++) queue.add(hint(`team/app-${n % 100}`, `1.${n}`))
  queue.add(hint('web/own', 'latest', 'change'))
  expect(begun).toHaveLength(4)
  await finish()
  expect(begun[4]).toBe('web/own:latest change')
})

it('lets one repository be looked at by one at a time, and others meanwhile', async () => {
  const { queue, begun, finish } = startQueue()
  for (const tag of ['1', '2']) queue.add(hint('team/app', tag))
  queue.add(hint('team/web', '1'))
  expect(begun).toEqual(['team/app:1 notification', 'team/web:1 notification'])
  await finish()
  expect(begun[2]).toBe('team/app:2 notification')
})

it('takes hints about one tag as one while they wait, and a change of ours before a notification', async () => {
  const { queue, begun, finish } = startQueue()
  queue.add(hint('team/app', '0'))
  for (const how of ['notification', 'change', 'notification'] as const) queue.add(hint('team/app', '1', how))
  for (let n = 0; n < 3; n++) await finish()
  expect(begun).toEqual(['team/app:0 notification', 'team/app:1 change'])
})

it('keeps who has changed which tag where two change a repository before it is looked at', async () => {
  const looked: Hint[] = []
  const free = Promise.withResolvers<void>()
  const queue = new HintQueue(async (one) => {
    looked.push(one)
    await free.promise
  })
  queue.isStarted = true
  const place = { registry: 'hub', repository: parseRepositoryName('team/app') }
  const change = (...authors: [tag: string, by: string][]) =>
    queue.add({ ...place, how: 'change', authors: new Map(authors.map(([tag, by]) => [parseTag(tag), by])) })
  change(['0', 'ada'])
  change(['1', 'ada'], ['2', 'ada'])
  change(['2', 'omar'])
  free.resolve()
  await expect.poll(() => looked.length).toBe(2)
  expect([...(looked[1]?.authors ?? [])]).toEqual([
    ['1', 'ada'],
    ['2', 'omar'],
  ])
})

it('lets notifications about a change that is going on wait for its end', async () => {
  const { queue, begun, finish } = startQueue()
  const release = queue.hold(hint('team/app', '1'))
  for (const tag of ['1', '2']) queue.add(hint('team/app', tag))
  await finish()
  expect(begun).toEqual(['team/app:2 notification'])
  release()
  queue.add(hint('team/app', '1', 'change'))
  for (let n = 0; n < 3; n++) await finish()
  expect(begun).toEqual(['team/app:2 notification', 'team/app:1 change'])
})
