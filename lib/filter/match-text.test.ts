import { expect, test } from 'vitest'
import { compilePlatform } from './match-text.ts'

test.each([
  ['linux/arm64', 'linux/arm64', true],
  ['linux', 'linux/arm64', true],
  ['linux/arm', 'linux/arm64', false],
  ['linux/arm', 'linux/arm/v7', true],
  ['arm64', 'linux/arm64', true],
  ['arm/v7', 'linux/arm/v7', true],
  ['v7', 'linux/arm/v7', false],
  ['windows/amd64', 'windows(10.0.20348.2655)/amd64', true],
  ['windows', 'windows(10.0.20348.2655)/amd64', true],
  ['windows(10.0.20348.2655)/amd64', 'windows(10.0.20348.2655)/amd64', true],
  ['windows(10.0.17763.1)/amd64', 'windows(10.0.20348.2655)/amd64', false],
])('platform:%s asked of %s is %s', (text, platform, expected) => {
  expect(compilePlatform([{ is: 'exact', text }])(platform)).toBe(expected)
})

test('the version of an operating system can be asked for by a glob', () => {
  const matches = compilePlatform([{ is: 'glob', text: 'windows(10.0.20348.*)/amd64' }])
  expect(matches('windows(10.0.20348.2655)/amd64')).toBe(true)
  expect(matches('windows(10.0.17763.6293)/amd64')).toBe(false)
})
