import { expect, test } from 'vitest'
import { childManifests, type ManifestLookup } from './child-manifests.ts'
import type { Descriptor } from './descriptor.ts'
import type { Digest } from './digest.ts'
import { digestOf } from './digester.ts'
import type { IndexManifest, Manifest } from './manifest.ts'
import { MEDIA_TYPE } from './media-type.ts'
import { parseManifest } from './parse-manifest.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

/** A store in which documents can be found under any digest, so that it can lie. */
function store() {
  const documents = new Map<Digest, Manifest>()
  const asked: Digest[] = []
  const lookup: ManifestLookup = async ({ digest }) => {
    asked.push(digest)
    return documents.get(digest)
  }
  const add = (manifest: Manifest): Descriptor => {
    documents.set(manifest.digest, manifest)
    return { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size }
  }
  return { documents, asked, lookup, add }
}

function indexOf(...manifests: Descriptor[]): IndexManifest {
  const manifest = parseManifest(bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests }))
  if (manifest.kind !== 'index') throw new Error(manifest.kind)
  return manifest
}

const leaf = (name: string) =>
  parseManifest(
    bytes({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(name), size: 1 },
      layers: [],
    }),
  )

const summary = async (manifest: Manifest, lookup: ManifestLookup) => {
  const seen: string[] = []
  for await (const child of childManifests(manifest, lookup))
    seen.push(`${child.depth} ${child.state === 'cut' ? child.reason : child.state}`)
  return seen
}

test('nested indexes are walked in order, and a missing child is a value', async () => {
  const { add, lookup } = store()
  const inner = indexOf(add(leaf('a')), { mediaType: MEDIA_TYPE.ociManifest, digest: digestOf('gone'), size: 1 })
  expect(await summary(indexOf(add(inner), add(leaf('b'))), lookup)).toEqual([
    '1 found',
    '2 found',
    '2 missing',
    '1 found',
  ])
})

test('nothing is looked up before it is requested', async () => {
  const { add, lookup, asked } = store()
  const [first, second] = [add(leaf('a')), add(leaf('b'))]
  const children = childManifests(indexOf(first, second), lookup)
  expect(asked).toEqual([])
  await children.next()
  expect(asked).toEqual([first.digest])
})

test('a walk ends at an index that lists itself', async () => {
  const { documents, lookup } = store()
  const pointer = { mediaType: MEDIA_TYPE.ociIndex, digest: digestOf('self'), size: 1 }
  const self: Manifest = { ...indexOf(pointer), digest: pointer.digest }
  documents.set(self.digest, self)
  expect(await summary(self, lookup)).toEqual(['1 cycle'])
})

test('an index listed twice is opened once, so that walks don’t explode', async () => {
  const { add, lookup, asked } = store()
  let index = indexOf(add(leaf('a')))
  for (let level = 0; level < 4; level++) index = indexOf(...new Array(20).fill(add(index)))
  await summary(index, lookup)
  expect(asked.length).toBeLessThan(100)
})

test('indexes nested too deep are cut', async () => {
  const { add, lookup } = store()
  let index = indexOf(add(leaf('a')))
  for (let level = 0; level < 9; level++) index = indexOf(add(index))
  expect((await summary(index, lookup)).at(-1)).toBe('8 too-deep')
})

test('a failed look-up fails the walk, and non-indexes have no children', async () => {
  const broken = async () => {
    throw new Error('no connection')
  }
  await expect(summary(indexOf({ mediaType: '', digest: digestOf('x'), size: 1 }), broken)).rejects.toThrow(
    'no connection',
  )
  expect(await summary(leaf('a'), broken)).toEqual([])
})
