import { expect, it } from 'vitest'
import { openStore } from '../open-store.ts'
import { describeEachDatabase } from '../testing/each-database.ts'
import { lead } from './lead.ts'

const TTL = 600

describeEachDatabase('of two processes on one database', (databases) => {
  it('one leads, the other says once that it follows, and takes over when the first ends', async () => {
    const location = await databases.create()
    const stores = await Promise.all([openStore(location), openStore(location)])
    const events: string[] = []
    const start = (index: 0 | 1) =>
      lead(
        async () => stores[index],
        'schedule',
        (signal) => {
          events.push(`${index} begins`)
          signal.addEventListener('abort', () => events.push(`${index} ends`))
        },
        () => events.push(`${index} follows`),
        TTL,
      )
    const stopFirst = start(0)
    await expect.poll(() => events).toEqual(['0 begins'])
    const stopSecond = start(1)
    await expect.poll(() => events).toEqual(['0 begins', '1 follows'])
    // It has asked again several times.
    await new Promise((resolve) => setTimeout(resolve, 2 * TTL))
    await stopFirst()
    await expect.poll(() => events).toEqual(['0 begins', '1 follows', '0 ends', '1 begins'])
    await stopSecond()
    await Promise.all(stores.map((store) => store.close()))
  })

  it('neither says so while the database is down', async () => {
    const events: string[] = []
    const down = () => Promise.reject(new Error('down'))
    const stop = lead(
      down,
      'schedule',
      () => events.push('begins'),
      () => events.push('follows'),
      TTL,
    )
    await new Promise((resolve) => setTimeout(resolve, TTL))
    await stop()
    expect(events).toEqual([])
  })
})
