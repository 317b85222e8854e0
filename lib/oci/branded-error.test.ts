import { expect, test, vi } from 'vitest'
import { FormatError } from './format-error.ts'

test('an error is one of every copy of its class, and of no other', async () => {
  vi.resetModules()
  const copy = (await import('./format-error.ts')).FormatError
  const { StoreError } = await import('../store/store-error.ts')
  expect(copy).not.toBe(FormatError)
  const error = new copy('tag', '', 'a tag')
  expect(error).toBeInstanceOf(FormatError)
  expect(error).toBeInstanceOf(Error)
  expect(error.name).toBe('FormatError')
  for (const other of [new StoreError('full', ''), Object.assign(new Error(''), { name: 'FormatError' }), null])
    expect(other instanceof FormatError).toBe(false)
})
