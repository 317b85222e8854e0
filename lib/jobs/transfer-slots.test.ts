import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { TransferSlots } from './transfer-slots.ts'

const open = async () => ({ stream: Readable.from(['x']).on('error', () => {}) })

it('limits each person’s simultaneous downloads, and allows another when one has ended', async () => {
  const slots = new TransferSlots('downloads', 2)
  const [first] = [await slots.hold('anna', open), await slots.hold('anna', open)]
  await expect(slots.hold('anna', open)).rejects.toMatchObject({ code: 'downloads' })
  await slots.hold('bo', open)
  const closed = new Promise((resolve) => first?.stream.once('close', resolve))
  first?.stream.destroy()
  await closed
  await slots.hold('anna', open)
  await expect(slots.hold('anna', open)).rejects.toMatchObject({ code: 'downloads' })
})

it('frees the slot of a download that couldn’t be opened', async () => {
  const slots = new TransferSlots('downloads', 1)
  const failing = async () => {
    throw new Error('not found')
  }
  for (let n = 0; n < 3; n += 1) await expect(slots.hold('anna', failing)).rejects.toThrow('not found')
  const stream = Readable.from(['x'])
  stream.destroy()
  await slots.hold('anna', async () => ({ stream }))
  await slots.hold('anna', open)
})

it('limits each person’s simultaneous uploads, and allows another when one has ended or failed', async () => {
  const slots = new TransferSlots('uploads', 1)
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = slots.during('anna', () => promise)
  await expect(slots.during('anna', async () => {})).rejects.toMatchObject({ code: 'uploads' })
  await slots.during('bo', async () => {})
  resolve()
  await first
  await expect(slots.during('anna', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await slots.during('anna', async () => {})
})

it('limits the pages that one person follows at once, and allows another when one is closed', () => {
  const slots = new TransferSlots('streams', 1)
  const release = slots.take('anna')
  expect(() => slots.take('anna')).toThrow(expect.objectContaining({ code: 'streams' }))
  slots.take('bo')
  release()
  slots.take('anna')
})
