import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseOidc } from '../../config/oidc-config.ts'
import { identityOf } from './identity.ts'

const oidc = parseOidc({ issuer: 'https://id.example.com', clientId: 'lading' }, String)

describe('identityOf', () => {
  it('reads the name and the groups of the configured claims', () => {
    expect(identityOf(oidc, { sub: '1', preferred_username: 'mia', groups: ['makers', 'makers', '/ops/eu'] })).toEqual({
      subject: '1',
      username: 'mia',
      groups: ['makers', 'ops/eu'],
    })
    const entra = { ...oidc, usernameClaim: 'email', groupsClaim: 'roles' }
    expect(identityOf(entra, { sub: '1', email: 'mia@example.com', roles: 'auditors' })).toMatchObject({
      username: 'mia@example.com',
      groups: ['auditors'],
    })
  })

  it.each([undefined, '', 'mia\u202e', 'mia anna', '../mia', 7, 'x'.repeat(200)])('refuses the user name %j', (name) =>
    expect(identityOf(oidc, { sub: '1', preferred_username: name })).toBe('NoName'),
  )

  it.each(['\u3164', '\uffa0', '\u115f', '\u00ad', '\u034f'])(
    'refuses a name that only differs from another’s by the invisible character %j',
    (invisible) => expect(identityOf(oidc, { sub: '1', preferred_username: `mia${invisible}` })).toBe('NoName'),
  )

  it.each([
    ['jose\u0301', 'jos\u00e9'],
    ['\uff4d\uff49\uff41', 'mia'],
    ['\u212bsa', '\u00c5sa'],
  ])('takes %j and %j as one name', (written, name) =>
    expect(identityOf(oidc, { sub: '1', preferred_username: written })).toMatchObject({ username: name }),
  )

  it.each([false, 'false'])('names nobody by an email address that the provider says is unverified: %j', (verified) => {
    const claims = { sub: '1', email: 'mia@example.com', preferred_username: 'mia', email_verified: verified }
    expect(identityOf({ ...oidc, usernameClaim: 'email' }, claims)).toBe('UnverifiedEmail')
    expect(identityOf(oidc, claims)).toMatchObject({ username: 'mia' })
  })

  it('accepts ten thousand groups, and refuses an absurd number', () => {
    const claims = (count: number) => ({
      sub: '1',
      preferred_username: 'mia',
      groups: Array.from({ length: count }, (_, index) => `group-${index}`),
    })
    expect(identityOf(oidc, claims(10_000))).toMatchObject({ groups: { length: 10_000 } })
    expect(identityOf(oidc, claims(30_000))).toBe('TooManyGroups')
  })

  it('never throws, whatever a provider sends', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (name, groups) => {
        const identity = identityOf(oidc, { sub: '1', preferred_username: name, groups })
        if (typeof identity === 'object')
          expect(identity.groups.every((group) => typeof group === 'string' && group !== '')).toBe(true)
      }),
    )
  })
})
