import { expect, test } from 'vitest'
import { withShortDigests } from './digest.ts'

test('digests in a sentence are short, and nothing else of it is', () => {
  const hex = '57c0'.repeat(16)
  expect(withShortDigests(`the tag 1.0 was moved to sha256:${hex}, not sha512:${hex}${hex}.`)).toBe(
    'the tag 1.0 was moved to sha256:57c057c057c0…, not sha512:57c057c057c0….',
  )
  expect(withShortDigests('sha256:57c057c057c0 and 1.0-sha256')).toBe('sha256:57c057c057c0 and 1.0-sha256')
})
