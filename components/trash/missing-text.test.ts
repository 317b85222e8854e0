import { expect, it } from 'vitest'
import { missingText } from './missing-text'

it.each([
  [['sha256:a'], 'sha256:a'],
  [['sha256:a', 'sha256:b'], 'sha256:a and sha256:b'],
  [['sha256:a', 'sha256:b', 'sha256:c', 'sha256:d'], 'sha256:a, sha256:b and 2 more blobs'],
])('names what is lost, and of much only the beginning: %j', (digests, text) => {
  expect(missingText(digests)).toBe(text)
})
