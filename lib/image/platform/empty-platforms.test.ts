import { expect, it } from 'vitest'
import { readDescriptor } from '../../oci/descriptor.ts'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { summarizeTag } from '../inspect/summary.ts'
import { describeHomes } from '../testing/homes.ts'
import { pointerTo, putImage, putIndex, tag } from '../testing/images.ts'
import { resolvePlatform } from './resolve-platform.ts'

const ARM = { os: 'linux', architecture: 'arm64' }

it.each([
  [{}, undefined],
  [{ os: '', architecture: '' }, undefined],
  [{ os: '', architecture: '', variant: 'v8' }, undefined],
  [{ os: null, architecture: 3 }, undefined],
  [{ os: 'linux', architecture: '' }, 'linux/unknown'],
  [{ architecture: 'arm64' }, 'unknown/arm64'],
  [{ os: 'unknown', architecture: 'unknown' }, 'unknown/unknown'],
])('a platform %j is read as %s', (platform, expected) => {
  const read = readDescriptor({ mediaType: MEDIA_TYPE.ociManifest, digest: digestOf(''), size: 0, platform }, 'here')
  expect(read.platform && formatPlatform(read.platform)).toBe(expected)
})

describeHomes('an index whose entry names no platform', (home) => {
  it.each([{}, { os: '', architecture: '' }])(
    'shows the platform of its config and runs there: %j',
    async (platform) => {
      const repository = home().fresh()
      const image = await putImage(repository, { platform: ARM })
      const index = await putIndex(repository, [pointerTo(image, { platform })], { tags: ['1'] })
      expect(await summarizeTag(repository, tag('1'))).toMatchObject({
        platforms: ['linux/arm64'],
        sizePlatform: 'linux/arm64',
        attestations: 0,
      })
      expect((await resolvePlatform(repository, index)).digest).toBe(image.digest)
    },
  )
})
