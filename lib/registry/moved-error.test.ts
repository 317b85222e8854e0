import { expect, test } from 'vitest'
import { parseDigest } from '../oci/digest.ts'
import { parseTag } from '../oci/reference.ts'
import { movedError } from './moved-error.ts'

test('says whether a tag was created, moved or deleted in the meantime', () => {
  const place = { host: 'r', repository: 'team/app' }
  const [one, two] = [parseDigest(`sha256:${'1'.repeat(64)}`), parseDigest(`sha256:${'2'.repeat(64)}`)]
  const message = (...at: [typeof one | null, typeof one | undefined]) =>
    movedError(place, parseTag('v2'), ...at).message
  expect(message(null, two)).toBe('team/app:v2 was created in the meantime')
  expect(message(one, two)).toBe('team/app:v2 has moved since it was shown')
  expect(message(one, undefined)).toBe('team/app:v2 no longer exists')
})
