import { expect, it } from 'vitest'
import type { Descriptor } from '../../oci/descriptor.ts'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { chooseChild } from './choose-child.ts'

const child = (platform: string, annotations: ReadonlyMap<string, string> = new Map()): Descriptor => ({
  mediaType: MEDIA_TYPE.ociManifest,
  digest: digestOf(platform),
  size: 1,
  platform: parsePlatform(platform),
  annotations,
})
const unknown = child('unknown/unknown')
const arm = child('linux/arm64')
const attestation = child('unknown/unknown', new Map([['vnd.docker.reference.type', 'attestation-manifest']]))

it('skips a child without a platform, wherever it is listed, when none is requested', () => {
  expect(chooseChild([unknown, arm])).toBe(arm)
  expect(chooseChild([attestation, unknown, arm])).toBe(arm)
  expect(chooseChild([child('linux/unknown'), arm])).toBe(arm)
})

it('chooses a child without a platform if there is nothing else, but never an attestation', () => {
  expect(chooseChild([attestation, unknown])).toBe(unknown)
  expect(chooseChild([attestation])).toBeUndefined()
})

it('never chooses a child for another platform than requested', () => {
  expect(chooseChild([unknown, arm], parsePlatform('linux/amd64'))).toBeUndefined()
})
