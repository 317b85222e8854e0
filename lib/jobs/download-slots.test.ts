import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { DownloadSlots } from './download-slots.ts'

const open = async () => ({ stream: Readable.from(['x']).on('error', () => {}) })

it('limits each person’s simultaneous downloads, and allows another when one has ended', async () => {
  const slots = new DownloadSlots(2)
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
  const slots = new DownloadSlots(1)
  const failing = async () => {
    throw new Error('not found')
  }
  for (let n = 0; n < 3; n += 1) await expect(slots.hold('anna', failing)).rejects.toThrow('not found')
  const stream = Readable.from(['x'])
  stream.destroy()
  await slots.hold('anna', async () => ({ stream }))
  await slots.hold('anna', open)
})
