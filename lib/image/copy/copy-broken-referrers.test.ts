import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { hexOf } from '../../oci/digest.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import type { Repository } from '../../registry/registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { attach } from '../referrers/attach.ts'
import { describeHomes, openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { copyImage } from './copy.ts'

const text = (content: string) => ({ mediaType: 'text/plain', content: Buffer.from(content) })

async function contentOf(repository: Repository, referrer: Awaited<ReturnType<typeof attach>>) {
  const manifest = await repository.manifest(referrer.digest)
  const layer = manifest.kind === 'oci-image' ? manifest.layers[0] : undefined
  if (!layer) throw new Error('no layer')
  return layer.digest
}

describeHomes('an image with referrers, copied', (to) => {
  const from = useHome(openLayout)
  const fileOf = (digest: Parameters<typeof hexOf>[0]) => join(from().registry.location, 'blobs/sha256', hexOf(digest))

  it('arrives with the intact ones, and says what is wrong with the others', async () => {
    const source = from().fresh()
    const image = await putImage(source, { tags: ['1'] })
    const broken = await attach(source, image.digest, { artifactType: 'text/x', blobs: [text('lost'), text('shared')] })
    const whole = await attach(source, image.digest, { artifactType: 'text/x', blobs: [text('kept'), text('shared')] })
    await rm(fileOf(await contentOf(source, broken)))
    const target = { repository: to().fresh(), reference: tag('1') }
    // One at a time, so that what the broken one shares with the other has not been moved when it fails.
    const options = { referrers: true, concurrency: 1 }
    const report = await copyImage({ repository: source, reference: tag('1') }, target, options)
    expect(report.referrers).toMatchObject({ copied: 1, skipped: [{ name: broken.digest }] })
    expect((await target.repository.resolve(tag('1'))).digest).toBe(image.digest)
    expect((await target.repository.manifest(whole.digest)).digest).toBe(whole.digest)
  })

  it('reports those nested too deep to be copied', async () => {
    const source = from().fresh()
    const image = await putImage(source, { tags: ['1'] })
    const chain = [image.digest]
    for (let i = 0; i < 5; i++)
      chain.push((await attach(source, chain[i] ?? image.digest, { artifactType: `text/l${i}`, blobs: [] })).digest)
    const target = { repository: to().fresh(), reference: tag('1') }
    const report = await copyImage({ repository: source, reference: tag('1') }, target, { referrers: true })
    expect(report.referrers).toEqual({
      copied: 3,
      skipped: [{ name: chain[4], reason: expect.stringContaining('3 levels deep') }],
    })
  })
})

describe('an image with slow layers', () => {
  const from = useHome(startRegistry)
  const to = useHome(openLayout)

  it('has its referrers listed meanwhile', async () => {
    const direct = from().fresh()
    await putImage(direct, { tags: ['1'] })
    await using proxy = await startFaultProxy(direct.registry.location)
    const source = createHttpRegistry({ name: 'slow', url: proxy.url }).repository(direct.name)
    let isListed = false
    const run = async () => {
      for (let tries = 0; tries < 100 && !isListed; tries++) {
        await sleep(50)
        isListed = proxy.count('GET', '/referrers/') > 0
      }
    }
    proxy.on({ method: 'GET', path: '/blobs/', fault: { kind: 'run', run } })
    const target = { repository: to().fresh(), reference: tag('1') }
    await copyImage({ repository: source, reference: tag('1') }, target, { referrers: true })
    expect(isListed).toBe(true)
  })
})
