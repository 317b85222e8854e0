import { expect, test } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import type { IndexManifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { diffIndexes } from './diff-indexes.ts'

interface Child {
  readonly on?: string
  readonly content: string
  readonly attests?: string
}

function index(...children: Child[]): IndexManifest {
  const manifests = children.map(({ on, content, attests }) => {
    const { osVersion, ...platform } = on ? parsePlatform(on) : { os: 'unknown', architecture: 'unknown' }
    return {
      mediaType: MEDIA_TYPE.ociManifest,
      digest: digestOf(content),
      size: 1,
      ...((on || attests) && { platform: { ...platform, 'os.version': osVersion } }),
      ...(attests && {
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': digestOf(attests),
        },
      }),
    }
  })
  const document = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests }
  const manifest = parseManifest(new TextEncoder().encode(JSON.stringify(document)))
  if (manifest.kind !== 'index') throw new Error(manifest.kind)
  return manifest
}

const summary = async (a: IndexManifest, b: IndexManifest) =>
  (await diffIndexes(a, b)).map(
    ({ platform, state, attestation }) => `${state} ${platform}${attestation ? ' attestation' : ''}`,
  )

test('platforms match however a tool writes them, and are shown as written', async () => {
  const a = index(
    { on: 'linux/amd64', content: '1' },
    { on: 'linux/arm64/v8', content: '2' },
    { on: 'linux/s390x', content: '3' },
  )
  const b = index(
    { on: 'linux/aarch64', content: '2' },
    { on: 'linux/x86_64', content: 'new' },
    { on: 'linux/riscv64', content: '4' },
  )
  expect(await diffIndexes(a, b)).toEqual([
    { platform: 'linux/x86_64', attestation: false, state: 'changed', before: digestOf('1'), after: digestOf('new') },
    { platform: 'linux/aarch64', attestation: false, state: 'same', before: digestOf('2'), after: digestOf('2') },
    { platform: 'linux/s390x', attestation: false, state: 'removed', before: digestOf('3') },
    { platform: 'linux/riscv64', attestation: false, state: 'added', after: digestOf('4') },
  ])
})

test('a child’s platform has the same name as on the page of its manifest', async () => {
  const [a, b] = [index({ on: 'linux/arm64/v8', content: '1' }), index({ on: 'linux/arm64/v8', content: '2' })]
  expect(await summary(a, b)).toEqual(['changed linux/arm64/v8'])
  expect(await summary(a, index())).toEqual(['removed linux/arm64/v8'])
})

test('a Windows image with a new revision is the same platform changed', async () => {
  const a = index(
    { on: 'windows(10.0.17763.1)/amd64', content: '1' },
    { on: 'windows(10.0.20348.1)/amd64', content: '2' },
  )
  const b = index(
    { on: 'windows(10.0.20348.1)/amd64', content: '2' },
    { on: 'windows(10.0.17763.2)/amd64', content: '3' },
  )
  expect(await summary(a, b)).toEqual(['changed windows(10.0.17763.2)/amd64', 'same windows(10.0.20348.1)/amd64'])
})

test('compares attestations by the platform they describe', async () => {
  const a = index({ on: 'linux/amd64', content: '1' }, { content: 'x', attests: '1' })
  const b = index({ content: 'y', attests: '2' }, { on: 'linux/amd64', content: '2' })
  expect(await summary(a, b)).toEqual(['changed linux/amd64', 'changed linux/amd64 attestation'])
})

test('several children of one platform are paired by digest first', async () => {
  const a = index({ on: 'linux/amd64', content: '1' }, { on: 'linux/amd64', content: '2' })
  const b = index({ on: 'linux/amd64', content: '2' })
  expect(await summary(a, b)).toEqual(['removed linux/amd64', 'same linux/amd64'])
  expect(await summary(b, a)).toEqual(['same linux/amd64', 'added linux/amd64'])
})

test('compares children without a platform too', async () => {
  expect(await summary(index({ content: '1' }), index({ content: '2' }))).toEqual(['changed undefined'])
})

test('others have their turn while indexes of many entries are compared', async () => {
  const many = (content: string) =>
    index(...Array.from({ length: 500 }, (_, n) => ({ on: `windows(10.0.${n})/amd64`, content: `${content} ${n}` })))
  const [a, b] = [many('a'), many('b')]
  let turns = 0
  let isOver = false
  const next = () => {
    turns++
    if (!isOver) setImmediate(next)
  }
  next()
  await diffIndexes(a, b)
  isOver = true
  expect(turns).toBeGreaterThan(3)
})
