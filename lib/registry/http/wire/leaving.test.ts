import { Readable } from 'node:stream'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../../testing/servers/fault-proxy.ts'
import { imageFor } from '../../contract/samples.ts'
import { createHttpRegistry } from '../http-registry.ts'

const server = await startDockerRegistry()
const proxy = await startFaultProxy(server.url)
const registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 5 } })
const repository = registry.repository(parseRepositoryName('team/app'))
beforeEach(() => {
  proxy.clear()
  proxy.requests.length = 0
})
afterAll(async () => {
  await registry.close()
  await proxy.stop()
  await server.stop()
})

/** Gives three bytes and then nothing, and does not end. */
function stalled(): Readable {
  const source = new Readable({ read() {} })
  source.push('abc')
  return source
}
const sized = { digest: digestOf('abcdef'), size: 6 }

describe.each([
  ['in chunks', {}],
  ['in one request', sized],
  ['in one request, with its progress', { ...sized, onProgress: () => undefined }],
])('an upload %s', (_name, options) => {
  it('whose source stalls ends with the caller, and leaves nothing behind', async () => {
    const source = stalled()
    const start = performance.now()
    const upload = repository.putBlob(source, { ...options, signal: AbortSignal.timeout(200) })
    await expect(upload).rejects.toThrow('due to timeout')
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(source.destroyed).toBe(true)
    await expect.poll(() => proxy.count('DELETE', '/uploads/')).toBe(1)
  })

  it('that is refused at once closes its source', async () => {
    proxy.on({ method: 'POST', fault: { kind: 'answer', status: 403 } })
    const source = stalled()
    await expect(repository.putBlob(source, options)).rejects.toMatchObject({ kind: 'denied' })
    expect(source.destroyed).toBe(true)
  })

  it('whose source fails says why', async () => {
    const source = stalled()
    const upload = repository.putBlob(source, options)
    await expect.poll(() => proxy.count('POST', '/uploads/')).toBe(1)
    source.destroy(new Error('the disk is gone'))
    await expect(upload).rejects.toThrow('the disk is gone')
  })
})

it('a deletion notices that its caller left while it finds out how to proceed', async () => {
  const { digest } = await repository.putManifest(parseTag('1'), await imageFor(repository))
  proxy.on({ method: 'DELETE', fault: { kind: 'slow-headers', ms: 60_000 } })
  const start = performance.now()
  const signal = AbortSignal.timeout(200)
  const deleting = repository.deleteTag(parseTag('1'), { expect: digest, strategy: 'tag-only', signal })
  await expect(deleting).rejects.toThrow('due to timeout')
  expect(performance.now() - start).toBeLessThan(10_000)
})
