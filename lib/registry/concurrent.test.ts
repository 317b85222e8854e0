import { expect, it } from 'vitest'
import { gate } from './concurrent.ts'

it('a gate runs as many calls at once as it may, the others in the order they came, also after a failure', async () => {
  const pass = gate(2)
  const started: number[] = []
  const ends: (() => void)[] = []
  const calls = [0, 1, 2, 3].map((call) =>
    pass(async () => {
      started.push(call)
      await new Promise<void>((resolve) => ends.push(resolve))
      if (call === 0) throw new Error('failed')
      return call
    }),
  )
  const settled = Promise.allSettled(calls)
  expect(started).toEqual([0, 1])
  for (const begun of [
    [0, 1, 2],
    [0, 1, 2, 3],
  ]) {
    ends.shift()?.()
    await expect.poll(() => started).toEqual(begun)
  }
  for (const end of ends) end()
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
})
