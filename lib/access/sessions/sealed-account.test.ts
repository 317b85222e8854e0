import { expect, it } from 'vitest'
import { sealAccount, unsealAccount } from './sealed-account.ts'

const CREDENTIALS = { username: 'anna', password: 'canary password' }

it('credentials are readable only in their own session, with the secret of this installation', () => {
  const sealed = sealAccount(CREDENTIALS, 'secret', 'one')
  expect(unsealAccount(sealed, 'secret', 'one')).toEqual(CREDENTIALS)
  expect(unsealAccount(sealed, 'secret', 'two')).toBeUndefined()
  expect(unsealAccount(sealed, 'other', 'one')).toBeUndefined()
  expect(unsealAccount(`${sealed.slice(0, -2)}AA`, 'secret', 'one')).toBeUndefined()
})

it('sealed credentials contain neither name nor password, and differ each time', () => {
  const [one, other] = [sealAccount(CREDENTIALS, 'secret', 'one'), sealAccount(CREDENTIALS, 'secret', 'one')]
  expect(one).not.toBe(other)
  for (const text of [one, Buffer.from(one, 'base64url').toString('latin1')]) expect(text).not.toMatch(/anna|canary/)
})
