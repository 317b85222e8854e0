import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Descriptor } from './descriptor.ts'
import { digestOf } from './digester.ts'
import { MEDIA_TYPE } from './media-type.ts'
import { formatPlatform, isAttestation, normalizePlatform, parsePlatform } from './platform.ts'
import { selectPlatform } from './select-platform.ts'

const children = (...platforms: string[]): Descriptor[] =>
  platforms.map((platform) => ({
    mediaType: MEDIA_TYPE.ociManifest,
    digest: digestOf(platform),
    size: 1,
    platform: parsePlatform(platform),
  }))

const select = (wanted: string, ...platforms: string[]) => {
  const platform = selectPlatform(children(...platforms), parsePlatform(wanted))?.platform
  return platform && formatPlatform(platform)
}

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,11}$/)
const anyPlatform = fc.record(
  { os: word, architecture: word, variant: word, osVersion: word },
  { requiredKeys: ['os', 'architecture'] },
)

test('parsing what was printed gives the same platform', () => {
  fc.assert(
    fc.property(anyPlatform, (platform) => {
      expect(parsePlatform(formatPlatform(platform))).toEqual(platform)
    }),
  )
})

test('normalising is idempotent', () => {
  const known = fc.record({
    os: fc.constantFrom('linux', 'Linux', 'macos'),
    architecture: fc.constantFrom('arm', 'armhf', 'armel', 'arm64', 'aarch64', 'amd64', 'x86_64', 'i686', 'riscv64'),
    variant: fc.constantFrom('', '7', 'v6', '8', 'v8', 'v1', 'V3'),
  })
  fc.assert(
    fc.property(fc.oneof(known, anyPlatform), (platform) => {
      const once = normalizePlatform(platform)
      expect(normalizePlatform(once)).toEqual(once)
    }),
  )
})

test.each([
  ['linux/x86_64', 'linux/amd64'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/arm64/v9', 'linux/arm64/v9'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/6', 'linux/arm/v6'],
  ['linux/armhf', 'linux/arm/v7'],
  ['linux/i386', 'linux/386'],
  ['macOS/ARM64', 'darwin/arm64'],
  ['windows(10.0.20348.1)/amd64', 'windows(10.0.20348.1)/amd64'],
])('%s is %s', (text, expected) => {
  expect(formatPlatform(normalizePlatform(parsePlatform(text)))).toBe(expected)
})

test.each(['', 'linux', '/amd64', 'linux/', 'linux/arm/v7/x', 'linux/a b', '../etc/passwd', 'linux/amd64\n'])(
  '%j isn’t a platform',
  (text) => {
    expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: 'platform' }))
  },
)

test.each([
  ['linux/amd64', ['linux/arm64', 'linux/amd64', 'windows/amd64'], 'linux/amd64'],
  ['linux/amd64', ['linux/amd64/v3', 'linux/amd64'], 'linux/amd64'],
  ['linux/amd64', ['linux/amd64/v3'], undefined],
  ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v4'], 'linux/amd64/v2'],
  ['linux/arm64', ['linux/arm64/v9', 'linux/arm64/v8'], 'linux/arm64/v8'],
  ['linux/arm64/v8', ['linux/aarch64'], 'linux/aarch64'],
  ['linux/arm/v7', ['linux/arm/v5', 'linux/arm/v6', 'linux/arm64'], 'linux/arm/v6'],
  ['linux/arm/v6', ['linux/arm/v7', 'linux/arm/v5'], 'linux/arm/v5'],
  ['linux/arm', ['linux/arm/v6', 'linux/arm/v7'], 'linux/arm/v7'],
  ['linux/mips/hard', ['linux/mips', 'linux/mips/soft', 'linux/mips/hard'], 'linux/mips/hard'],
  ['linux/mips/hard', ['linux/mips/soft', 'linux/mips'], 'linux/mips'],
  ['linux/s390x', ['linux/amd64'], undefined],
])('chooses for %s of %j %s', (wanted, platforms, expected) => {
  expect(select(wanted, ...platforms)).toBe(expected)
})

test('Windows chooses the newest revision of the wanted build', () => {
  const offered = ['windows(10.0.17763.9)/amd64', 'windows(10.0.20348.1)/amd64', 'windows(10.0.20348.20)/amd64']
  expect(select('windows(10.0.20348.5)/amd64', ...offered)).toBe('windows(10.0.20348.20)/amd64')
  expect(select('windows(10.0.20348.1)/amd64', ...offered)).toBe('windows(10.0.20348.1)/amd64')
  expect(select('windows(10.0.26100.1)/amd64', ...offered)).toBeUndefined()
  expect(select('windows/amd64', ...offered)).toBe('windows(10.0.17763.9)/amd64')
})

test('attestations and unknown platforms are never chosen to run', () => {
  const [attested] = children('linux/amd64')
  if (!attested) throw new Error('no child')
  const attestation = {
    ...attested,
    annotations: new Map([['vnd.docker.reference.type', 'attestation-manifest']]),
  }
  expect(isAttestation(attestation)).toBe(true)
  expect(isAttestation(attested)).toBe(false)
  expect(selectPlatform([attestation], { os: 'linux', architecture: 'amd64' })).toBeUndefined()
  expect(select('unknown/unknown', 'unknown/unknown')).toBeUndefined()
})
