import { expect, it } from 'vitest'
import { recentlyMade } from './recently-made.ts'

const options = { most: 2, keepFor: 60_000, isWorthKeeping: (result: string) => result !== 'small' }

it('computes a value once for two requests', async () => {
  const recently = recentlyMade('twice', options)
  let count = 0
  const make = async () => {
    count += 1
    return 'large'
  }
  await Promise.all([recently('a', make), recently('a', make)])
  await recently('a', make)
  expect(count).toBe(1)
})

it('computes small values and failures again', async () => {
  const recently = recentlyMade('again', options)
  let count = 0
  const small = async () => {
    count += 1
    return 'small'
  }
  await recently('a', small)
  await recently('a', small)
  expect(count).toBe(2)
  await expect(recently('b', () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  await expect(recently('b', async () => 'up')).resolves.toBe('up')
})

it('drops the least recently used', async () => {
  const recently = recentlyMade('drop', options)
  let count = 0
  const make = async () => {
    count += 1
    return 'large'
  }
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await recently(key, make)
  expect(count).toBe(4)
})
