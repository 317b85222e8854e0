import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Descriptor } from '../../oci/descriptor.ts'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { mergeIndex } from './merge-index.ts'

const image = (name: string, platform: string): Descriptor => ({
  mediaType: MEDIA_TYPE.ociManifest,
  digest: digestOf(name),
  size: name.length,
  platform: parsePlatform(platform),
})
const about = (name: string, subject: Descriptor): Descriptor => ({
  ...image(name, 'unknown/unknown'),
  annotations: new Map([
    ['vnd.docker.reference.type', 'attestation-manifest'],
    ['vnd.docker.reference.digest', subject.digest],
  ]),
})

function indexOf(...descriptors: Descriptor[]) {
  const manifest = parseManifest(mergeIndex(undefined, descriptors).bytes)
  if (manifest.kind !== 'index') throw new Error(manifest.kind)
  return manifest
}
const childrenOf = (bytes: Uint8Array) => {
  const manifest = parseManifest(bytes)
  return manifest.kind === 'index' ? manifest.manifests.map(({ digest }) => digest) : []
}

describe('merging into an index', () => {
  it('distinguishes variants and versions, and knows aliases of a platform', () => {
    const index = indexOf(
      image('v6', 'linux/arm/v6'),
      image('v7', 'linux/arm/v7'),
      image('win', 'windows(10.0.1)/amd64'),
      image('arm', 'linux/arm64/v8'),
    )
    const added = [image('v7b', 'linux/arm/v7'), image('winb', 'windows(10.0.2)/amd64'), image('armb', 'linux/aarch64')]
    const { bytes, replaced } = mergeIndex(index, added)
    expect(childrenOf(bytes)).toEqual(['v6', 'win', 'v7b', 'winb', 'armb'].map((name) => digestOf(name)))
    expect(replaced.map(({ digest }) => digest)).toEqual([digestOf('v7'), digestOf('arm')])
  })

  it('keeps attestations of kept images, and drops those of removed ones', () => {
    const [old, kept, next] = [image('old', 'linux/amd64'), image('kept', 'linux/arm64'), image('next', 'linux/amd64')]
    const index = indexOf(old, kept, about('of old', old), about('of kept', kept))
    const { bytes } = mergeIndex(index, [next, about('of next', next)])
    expect(childrenOf(bytes)).toEqual(['kept', 'of kept', 'next', 'of next'].map((name) => digestOf(name)))
  })

  it('keeps the last of two for one platform, with its attestations', () => {
    const [first, second] = [image('first', 'linux/arm64'), image('second', 'linux/aarch64')]
    const given = [first, about('of first', first), second, about('of second', second)]
    expect(childrenOf(mergeIndex(undefined, given).bytes)).toEqual(
      ['second', 'of second'].map((name) => digestOf(name)),
    )
    expect(childrenOf(mergeIndex(indexOf(second), given).bytes)).toEqual(
      ['second', 'of second'].map((name) => digestOf(name)),
    )
    const again = mergeIndex(undefined, [first, second, first])
    expect(childrenOf(again.bytes)).toEqual([first.digest])
  })

  it('keeps identical bytes if nothing is new, and unknown fields', () => {
    const text = `{ "schemaVersion": 2, "mediaType": "${MEDIA_TYPE.ociIndex}", "x": 1, "manifests": [ {"mediaType":"${MEDIA_TYPE.ociManifest}","digest":"${digestOf('a')}","size":1,"y":2,"platform":{"os":"linux","architecture":"amd64"}} ] }`
    const index = parseManifest(Buffer.from(text))
    if (index.kind !== 'index') throw new Error(index.kind)
    expect(Buffer.from(mergeIndex(index, [image('a', 'linux/amd64')]).bytes).toString()).toBe(text)
    const merged = JSON.parse(Buffer.from(mergeIndex(index, [image('b', 'linux/arm64')]).bytes).toString())
    expect([merged.x, merged.manifests[0].y, merged.manifests.length]).toEqual([1, 2, 2])
  })

  it('lists nothing twice, has one image per platform, and is idempotent', () => {
    const platform = fc.constantFrom(
      'linux/amd64',
      'linux/arm64',
      'linux/arm/v6',
      'linux/arm/v7',
      'windows(10.0.1)/amd64',
    )
    const any = fc.tuple(fc.integer({ min: 0, max: 9 }), platform).map(([n, p]) => image(`${p} ${n}`, p))
    const list = fc.uniqueArray(any, { maxLength: 6, selector: (each) => JSON.stringify(each.platform) })
    fc.assert(
      fc.property(list, list, (first, second) => {
        const { bytes } = mergeIndex(indexOf(...first), second)
        const merged = parseManifest(bytes)
        if (merged.kind !== 'index') throw new Error(merged.kind)
        const keys = merged.manifests.map((each) => JSON.stringify(each.platform))
        expect(new Set(keys).size).toBe(keys.length)
        expect(childrenOf(bytes)).toEqual(expect.arrayContaining(second.map(({ digest }) => digest)))
        expect(Buffer.from(mergeIndex(merged, second).bytes).equals(Buffer.from(bytes))).toBe(true)
      }),
    )
  })
})
