import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { startCanary } from '../../testing/servers/canary.ts'
import { digestAt } from '../graph/digest-at.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { nameOfReferrer } from '../referrers/referrer.ts'
import { listReferrers } from '../referrers/referrers.ts'
import { describeHomes, type Home, type OpenHome, openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { pointerTo, putArtifact, putImage, putIndex, tag } from '../testing/images.ts'
import type { CopyProgress } from './blob-mover.ts'
import { copyImage } from './copy.ts'

const AMD64 = { os: 'linux', architecture: 'amd64' }
const ARM64 = { os: 'linux', architecture: 'arm64' }
const S390X = { os: 'linux', architecture: 's390x' }

/** An index of two platforms that share a layer, one of them with an attestation. */
async function putMulti(repository: ReturnType<Home['fresh']>, name: string) {
  const shared = randomBytes(5000)
  const amd = await putImage(repository, { platform: AMD64, layers: [shared, randomBytes(300)] })
  const arm = await putImage(repository, { platform: ARM64, layers: [shared, randomBytes(300)] })
  const about = await putImage(repository)
  const annotations = { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': arm.digest }
  const unknown = { os: 'unknown', architecture: 'unknown' }
  const children = [
    pointerTo(amd, { platform: AMD64 }),
    pointerTo(arm, { platform: ARM64 }),
    pointerTo(about, { platform: unknown, annotations }),
  ]
  return {
    amd,
    arm,
    about,
    index: await putIndex(repository, children, { tags: [name], fields: { annotations: { keep: 'me' } } }),
  }
}

describeHomes('copying between repositories', (home) => {
  it('copies everything an index needs under the same digest, and moves no bytes within a registry', async () => {
    const from = home().fresh()
    const to = home().fresh()
    const { index } = await putMulti(from, '1.0')
    const report = await copyImage(
      { repository: from, reference: tag('1.0') },
      { repository: to, reference: tag('copied') },
    )
    expect(report).toMatchObject({ digest: index.digest, manifests: 4, blobs: { sent: 0 }, bytes: { sent: 0 } })
    // Three configs, one shared layer, three of their own.
    expect(report.blobs.mounted + report.blobs.skipped).toBe(7)
    expect(report.changed).toBeUndefined()
    expect(await digestAt(to, tag('copied'))).toBe(index.digest)
    expect(await checkCompleteness(to, tag('copied'), { full: true })).toMatchObject({ complete: true, checked: 11 })
  })

  it('never moves a tag without being asked', async () => {
    const from = home().fresh()
    const to = home().fresh()
    const image = await putImage(from, { tags: ['1.0'] })
    const taken = await putImage(to, { tags: ['1.0'] })
    const source = { repository: from, reference: tag('1.0') }
    const blind = copyImage(source, { repository: to, reference: tag('1.0') })
    await expect(blind).rejects.toMatchObject({ kind: 'exists', found: taken.digest })
    const absent = copyImage(source, { repository: to, reference: tag('1.0'), expect: null })
    await expect(absent).rejects.toMatchObject({ kind: 'conflict', found: taken.digest })
    expect(await digestAt(to, tag('1.0'))).toBe(taken.digest)
    const told = await copyImage(source, { repository: to, reference: tag('1.0'), expect: taken.digest })
    expect(told).toMatchObject({ digest: image.digest, previous: taken.digest })
    expect(await digestAt(to, tag('1.0'))).toBe(image.digest)
    expect(await copyImage(source, { repository: to, reference: tag('1.0') })).toMatchObject({ digest: image.digest })
  })

  it('copies chosen platforms as a new index and reports its different digest', async () => {
    const from = home().fresh()
    const to = home().fresh()
    const { index, arm, about, amd } = await putMulti(from, '1.0')
    const report = await copyImage(
      { repository: from, reference: tag('1.0') },
      { repository: to, reference: tag('arm') },
      { platforms: [parsePlatform('linux/arm64')] },
    )
    expect(report.changed).toEqual({ from: index.digest, reason: 'platforms' })
    const copied = await to.manifest(tag('arm'))
    if (copied.kind !== 'index') throw new Error(copied.kind)
    expect(copied.digest).toBe(report.digest)
    expect(copied.manifests.map((child) => child.digest)).toEqual([arm.digest, about.digest])
    expect(copied.annotations.get('keep')).toBe('me')
    expect(await checkCompleteness(to, tag('arm'), { full: true })).toMatchObject({ complete: true })
    expect(await digestAt(to, amd.digest)).toBeUndefined()
    const absent = copyImage({ repository: from, reference: index.digest }, { repository: to }, { platforms: [S390X] })
    await expect(absent).rejects.toMatchObject({ kind: 'not-found', expected: 'linux/s390x' })
    const whole = await copyImage(
      { repository: from, reference: index.digest },
      { repository: to },
      { platforms: [AMD64, ARM64] },
    )
    expect(whole).toMatchObject({ digest: index.digest })
  })

  it('copies signatures and referrers when asked, beside existing signatures', async () => {
    const from = home().fresh()
    const to = home().fresh()
    const image = await putImage(from, { tags: ['1.0'] })
    const signature = { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', content: '{"ours":1}' }
    const cosignTag = `${image.digest.replace(':', '-')}.sig`
    const cosign = await putArtifact(from, [signature], { tags: [cosignTag] })
    const sbom = await putArtifact(from, [{ mediaType: 'application/spdx+json', content: '{}' }], {
      fields: { subject: pointerTo(image), artifactType: 'application/spdx+json' },
    })
    const onSbom = await putArtifact(from, [{ mediaType: 'application/jose+json', content: '{}' }], {
      fields: { subject: pointerTo(sbom), artifactType: 'application/vnd.cncf.notary.signature' },
    })
    const source = { repository: from, reference: tag('1.0') }
    const report = await copyImage(source, { repository: to, reference: tag('1.0') }, { referrers: true })
    expect(report.referrers).toEqual({ copied: 3, skipped: [] })
    expect(await digestAt(to, tag(cosignTag))).toBe(cosign.digest)
    const about = await listReferrers(to, image.digest)
    expect(about.items.map(nameOfReferrer).sort()).toEqual([cosign.digest, sbom.digest].sort())
    expect((await listReferrers(to, sbom.digest)).items).toMatchObject([{ descriptor: { digest: onSbom.digest } }])

    const guarded = home().fresh()
    const other = await putArtifact(guarded, [{ ...signature, content: '{"theirs":1}' }], { tags: [cosignTag] })
    const second = await copyImage(source, { repository: guarded, reference: tag('1.0') }, { referrers: true })
    expect(second.referrers).toEqual({ copied: 3, skipped: [] })
    const both = await guarded.manifest(tag(cosignTag))
    const layersOf = (manifest: Manifest) => ('layers' in manifest ? manifest.layers.map(({ digest }) => digest) : [])
    expect(layersOf(both)).toEqual([...layersOf(other), ...layersOf(cosign)])
  })

  it('stops when cancelled and leaves no tag', async () => {
    const from = home().fresh()
    const to = home().fresh()
    await putImage(from, { tags: ['1.0'] })
    const cancel = new AbortController()
    const options = { signal: cancel.signal, onProgress: () => cancel.abort() }
    const copy = copyImage(
      { repository: from, reference: tag('1.0') },
      { repository: to, reference: tag('1.0') },
      options,
    )
    await expect(copy).rejects.toMatchObject({ name: 'AbortError' })
    expect(await digestAt(to, tag('1.0'))).toBeUndefined()
  })
})

describe('copying between a layout and a registry', () => {
  const layout = useHome(openLayout)
  const server = useHome(startRegistry)
  const other = useHome(startRegistry)

  it.each([
    ['layout to registry', layout, server],
    ['registry to layout', server, layout],
    ['registry to registry', server, other],
  ])('%s: sends each blob once, counts its bytes, and a second copy sends nothing', async (_, source, target) => {
    const from = source().fresh()
    const to = target().fresh()
    const { index } = await putMulti(from, '1.0')
    const progress: CopyProgress[] = []
    const onProgress = (at: CopyProgress) => progress.push(at)
    const copy = () =>
      copyImage({ repository: from, reference: tag('1.0') }, { repository: to, reference: tag('1.0') }, { onProgress })
    const first = await copy()
    expect(first).toMatchObject({ digest: index.digest, blobs: { sent: 7, mounted: 0 } })
    const last = progress.at(-1)
    expect(last).toMatchObject({ phase: 'done', blobs: 7, totalBlobs: 7, sentBytes: first.bytes.sent })
    expect(last?.sentBytes).toBe(last?.totalBytes)
    expect(last?.sentBytes).toBeGreaterThan(5000)
    expect(await checkCompleteness(to, tag('1.0'), { full: true })).toMatchObject({ complete: true, checked: 11 })
    const second = await copy()
    expect(second).toMatchObject({ digest: index.digest, blobs: { sent: 0, skipped: 7 }, bytes: { sent: 0 } })
  })

  it('resumes an interrupted copy', async () => {
    const from = layout().fresh()
    const to = server().fresh()
    await putImage(from, { tags: ['big'], layers: Array.from({ length: 6 }, () => randomBytes(20_000)) })
    const source = { repository: from, reference: tag('big') }
    const cancel = new AbortController()
    const onProgress = (at: CopyProgress) => at.blobs >= 3 && cancel.abort()
    const broken = copyImage(
      source,
      { repository: to, reference: tag('big') },
      { onProgress, signal: cancel.signal, concurrency: 1 },
    )
    await expect(broken).rejects.toMatchObject({ name: 'AbortError' })
    const resumed = await copyImage(source, { repository: to, reference: tag('big') })
    expect(resumed.blobs.skipped).toBeGreaterThanOrEqual(3)
    expect(resumed.blobs.sent).toBe(7 - resumed.blobs.skipped)
    expect(await checkCompleteness(to, tag('big'), { full: true })).toMatchObject({ complete: true })
  })

  it('leaves foreign layers where their documents say they are, and asks nobody there', async () => {
    await using elsewhere = await startCanary({ status: 200 })
    const from = layout().fresh()
    const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
    const foreign = { mediaType, digest: digestOf('far away'), size: 8, urls: [`${elsewhere.url}/layer`] }
    const held = await putImage(from, { docker: true })
    if (held.kind !== 'schema2') throw new Error(held.kind)
    const document = { ...JSON.parse(Buffer.from(held.bytes).toString()), layers: [foreign] }
    const bytes = Buffer.from(JSON.stringify(document))
    await from.putManifest(tag('windows'), { mediaType: held.mediaType, bytes })
    await using target = await openAnotherLayout()
    const to = target.registry.repository(from.name)
    const source = { repository: from, reference: tag('windows') }
    const report = await copyImage(source, { repository: to, reference: tag('windows') })
    expect(report).toMatchObject({ blobs: { sent: 1 }, foreignLayers: [{ digest: foreign.digest }] })
    const checked = await checkCompleteness(to, tag('windows'), { full: true })
    expect(checked).toMatchObject({ complete: true, foreignLayers: [{ path: 'layers[0]' }] })
    expect(elsewhere.requests).toEqual([])
  })

  it('doesn’t begin a copy that the source can’t complete', async () => {
    const from = layout().fresh()
    const child = await putImage(from, { platform: AMD64 })
    const absent = { mediaType: child.mediaType, size: 10, digest: digestOf('absent'), platform: ARM64 }
    const { digest: sparse } = await putIndex(from, [pointerTo(child, { platform: AMD64 }), absent])
    const to = server().fresh()
    const copy = copyImage({ repository: from, reference: sparse }, { repository: to, reference: tag('x') })
    await expect(copy).rejects.toMatchObject({ kind: 'missing-content' })
    const part = await copyImage(
      { repository: from, reference: sparse },
      { repository: to, reference: tag('x') },
      { platforms: [AMD64] },
    )
    expect(part.changed?.reason).toBe('platforms')
  })
})

async function openAnotherLayout(): Promise<AsyncDisposable & OpenHome> {
  const home = await openLayout()
  return { ...home, [Symbol.asyncDispose]: home.close }
}
