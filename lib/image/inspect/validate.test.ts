import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hexOf } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { cached } from '../../registry/cache/cached.ts'
import { ContentCache } from '../../registry/cache/content-cache.ts'
import { describeHomes, type OpenHome, openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { pointerTo, putImage, putIndex, tag } from '../testing/images.ts'
import { checkCompleteness } from './validate.ts'

describeHomes('checking completeness', (home) => {
  it('finds nothing wrong with a whole image, by size and by hash', async () => {
    const repository = home().fresh()
    const arm = await putImage(repository, { layers: [Buffer.from('shared'), Buffer.from('arm')] })
    const amd = await putImage(repository, { layers: [Buffer.from('shared'), Buffer.from('amd')] })
    await putIndex(repository, [pointerTo(arm), pointerTo(amd)], { tags: ['multi'] })
    const progress: number[] = []
    const options = { onProgress: (at: { checked: number }) => progress.push(at.checked) }
    const quick = await checkCompleteness(repository, tag('multi'), options)
    // Three manifests, two configs, three distinct layers.
    expect(quick).toEqual({ complete: true, missing: [], corrupt: [], foreignLayers: [], checked: 8 })
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(await checkCompleteness(repository, tag('multi'), { full: true })).toEqual(quick)
  })

  it('throws not-found for a missing image', async () => {
    await expect(checkCompleteness(home().fresh(), tag('nothing'))).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('checking completeness of a damaged layout', () => {
  let open: OpenHome & { path: string }
  beforeAll(async () => {
    const home = await openLayout()
    open = { ...home, path: home.registry.location }
  })
  afterAll(() => open.close())

  it('lists what is missing and what is wrong, with its path', async () => {
    const repository = open.registry.repository(parseRepositoryName('team/app'))
    const whole = await putImage(repository)
    const lacking = await putImage(repository, { layers: [Buffer.from('one'), Buffer.from('two')] })
    const absent = await putImage(repository)
    const flipped = await putImage(repository, { layers: [Buffer.from('three')] })
    const shorter = await putImage(repository, { layers: [Buffer.from('four')] })
    const all = [whole, lacking, absent, flipped, shorter]
    await putIndex(
      repository,
      all.map((image) => pointerTo(image)),
      { tags: ['multi'] },
    )
    if (lacking.kind !== 'oci-image' || flipped.kind !== 'oci-image' || shorter.kind !== 'oci-image')
      throw new Error('kind')
    await damage(open.path, lacking.layers[1]?.digest, undefined)
    await damage(open.path, lacking.config.digest, undefined)
    await damage(open.path, absent.digest, undefined)
    await damage(open.path, flipped.layers[0]?.digest, (bytes) => bytes.map((byte, i) => (i === 12 ? byte ^ 1 : byte)))
    await damage(open.path, shorter.layers[0]?.digest, (bytes) => bytes.subarray(1))

    const quick = await checkCompleteness(repository, tag('multi'))
    expect(quick.complete).toBe(false)
    expect(quick.missing.map((at) => at.path).sort()).toEqual([
      'manifests[1].config',
      'manifests[1].layers[1]',
      'manifests[2]',
    ])
    expect(quick.corrupt.map((at) => at.path)).toEqual(['manifests[4].layers[0]'])
    const full = await checkCompleteness(repository, tag('multi'), { full: true })
    const remembering = cached(open.registry, new ContentCache()).repository(repository.name)
    await remembering.manifest(whole.digest)
    await damage(open.path, whole.digest, undefined)
    expect((await checkCompleteness(remembering, tag('multi'))).missing.map((at) => at.path)).toContain('manifests[0]')
    expect(full.missing).toHaveLength(3)
    expect(full.corrupt.map((at) => at.path).sort()).toEqual(['manifests[3].layers[0]', 'manifests[4].layers[0]'])
  })
})

describe('checking completeness of an image in docker-registry', () => {
  const home = useHome(startRegistry)

  it('lists the deleted layer and platform', async () => {
    const repository = home().fresh()
    const lacking = await putImage(repository, { layers: [Buffer.from('here'), Buffer.from('gone')] })
    const absent = await putImage(repository)
    await putIndex(
      repository,
      [lacking, absent].map((image) => pointerTo(image)),
      { tags: ['multi'] },
    )
    const layer = lacking.kind === 'oci-image' ? lacking.layers[1] : undefined
    if (!layer) throw new Error('no layer')
    await repository.deleteBlob(layer.digest)
    await repository.deleteManifest(absent.digest, { expectTags: [] })
    for (const full of [false, true]) {
      const report = await checkCompleteness(repository, tag('multi'), { full })
      expect(report).toMatchObject({ complete: false, corrupt: [], foreignLayers: [] })
      expect(report.missing.map(({ path }) => path).toSorted()).toEqual(['manifests[0].layers[1]', 'manifests[1]'])
    }
  })
})

async function damage(
  layout: string,
  digest: Parameters<typeof hexOf>[0] | undefined,
  change: ((bytes: Uint8Array) => Uint8Array) | undefined,
): Promise<void> {
  if (!digest) throw new Error('no digest to damage')
  const file = join(layout, 'blobs', 'sha256', hexOf(digest))
  if (!change) return rm(file)
  const bytes = await readFile(file)
  await chmod(file, 0o644)
  await writeFile(file, change(bytes))
}
