import { once } from 'node:events'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { type ArchiveMember, archiveSize, archiveStream } from './archive-stream.ts'

const member = (size: number, stream: Readable): ArchiveMember => ({
  path: 'blob',
  size,
  content: async () => ({ size, verified: true, stream }),
})
const stalled = () => {
  const stream = new Readable({ read() {} })
  stream.push('first')
  return stream
}

describe('an archive', () => {
  it.each([0, 1, 511, 512, 513, 100_000])(
    'holds what was announced for a blob of %i bytes between others',
    async (n) => {
      const small = { path: 'small', size: 3, content: Buffer.from('abc') }
      const members = [
        member(n, Readable.from([Buffer.alloc(n, 1)], { objectMode: false })),
        small,
        member(0, Readable.from([])),
      ]
      const size = archiveSize(members)
      expect(await buffer(archiveStream(members))).toHaveLength(size)
    },
  )

  it('that is abandoned abandons the blob it waits for at once', async () => {
    const blob = stalled()
    const archive = archiveStream([member(100, blob)])
    archive.resume()
    await once(archive, 'data')
    await new Promise(setImmediate)
    archive.destroy()
    expect(blob.destroyed).toBe(true)
  })

  it('that is abandoned while a blob is opened abandons that too', async () => {
    const blob = stalled()
    let opened: (() => void) | undefined
    const opening = new Promise<void>((resolve) => {
      opened = resolve
    })
    const content = async () => {
      await opening
      return { size: 100, verified: true, stream: blob }
    }
    const archive = archiveStream([{ path: 'blob', size: 100, content }])
    archive.read()
    archive.destroy()
    opened?.()
    await once(blob, 'close')
  })

  it('asks for the next blob before the end of this one, and gives up both', async () => {
    const [first, second] = [stalled(), stalled()]
    const asked = Promise.withResolvers<void>()
    const content = async () => {
      asked.resolve()
      return { size: 100, verified: true, stream: second }
    }
    const archive = archiveStream([member(100, first), { path: 'next', size: 100, content, isBlob: true }])
    archive.resume()
    await asked.promise
    archive.destroy()
    await once(second, 'close')
    expect(first.destroyed).toBe(true)
  })

  it('fails with a blob that breaks off', async () => {
    const blob = stalled()
    const archive = archiveStream([member(100, blob)])
    setImmediate(() => blob.destroy())
    await expect(buffer(archive)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
  })

  it('reads no faster than it is read', async () => {
    let made = 0
    const endless = new Readable({
      read() {
        made += 65_536
        this.push(Buffer.alloc(65_536))
      },
    })
    const archive = archiveStream([member(2 ** 40, endless)])
    archive.read()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(made).toBeLessThan(2 * 1024 * 1024)
    archive.destroy()
  })
})
