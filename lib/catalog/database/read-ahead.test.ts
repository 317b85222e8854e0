import { expect, test } from 'vitest'
import { mapAhead } from './read-ahead.ts'

async function* numbers() {
  for (let number = 0; number < 6; number++) yield number
}

async function listOf(items: AsyncIterable<number>): Promise<number[]> {
  const list: number[] = []
  for await (const item of items) list.push(item)
  return list
}

test('reads as many items at once as it may, and gives them in order', async () => {
  let running = 0
  let most = 0
  const read = async (number: number) => {
    most = Math.max(most, ++running)
    for (let turn = 0; turn < 10 - number; turn++) await Promise.resolve()
    running--
    return number * 10
  }
  expect(await listOf(mapAhead(numbers(), 3, read))).toEqual([0, 10, 20, 30, 40, 50])
  expect(most).toBe(3)
  most = 0
  await listOf(mapAhead(numbers(), 1, read))
  expect(most).toBe(1)
})

test('fails where the item that could not be read stands', async () => {
  const seen: number[] = []
  const read = async (number: number) => {
    if (number === 2) throw new Error('The database has gone away')
    return number
  }
  await expect(async () => {
    for await (const number of mapAhead(numbers(), 2, read)) seen.push(number)
  }).rejects.toThrow('gone away')
  expect(seen).toEqual([0, 1])
})
