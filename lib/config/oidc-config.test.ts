import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-oidc-'))
afterAll(() => rmSync(folder, { recursive: true }))

const load = (env: Record<string, string>) => loadConfig({ DATA_DIR: folder, ...env })
const basics = { OIDC_ISSUER: 'https://id.example.com/realms/main/', OIDC_CLIENT_ID: 'lading' }
const yaml = (...lines: string[]) => {
  writeFileSync(join(folder, 'lading.yaml'), lines.join('\n'))
  return { LADING_CONFIG: join(folder, 'lading.yaml') }
}

describe('a provider in the configuration', () => {
  it('is absent unless it is named', () => expect(load({}).oidc).toBeUndefined())

  it('requires its address and a client ID', () => {
    expect(load(basics).oidc).toEqual({
      issuer: 'https://id.example.com/realms/main',
      clientId: 'lading',
      name: 'single sign-on',
      usernameClaim: 'preferred_username',
      groupsClaim: 'groups',
      scopes: 'openid profile email',
    })
  })

  it('can come from the file, with its secret from the environment', () => {
    const file = yaml(
      'oidc:',
      '  issuer: https://id.example.com',
      '  clientId: lading',
      `  clientSecret: \${THE_SECRET}`,
    )
    expect(load({ ...file, THE_SECRET: 'secret' }).oidc).toMatchObject({ clientSecret: 'secret' })
    expect(() => load(file)).toThrow('lading.yaml: oidc.clientSecret: the environment variable THE_SECRET is not set')
    expect(() => load({ ...file, ...basics, THE_SECRET: 'secret' })).toThrow('the provider is set twice')
  })

  it.each([
    [{ OIDC_CLIENT_ID: 'lading' }, /^OIDC_ISSUER: expected the https address of the provider, for example https:/],
    [{ OIDC_ISSUER: 'https://id.example.com' }, /^OIDC_CLIENT_ID: .* for example lading/],
    [{ ...basics, OIDC_ISSUER: 'id.example.com' }, /^OIDC_ISSUER: .* found "id.example.com"/],
    [{ ...basics, OIDC_ISSUER: 'http://id.example.com' }, /^OIDC_ISSUER: expected https/],
    [{ ...basics, OIDC_SCOPES: 'profile' }, /^OIDC_SCOPES: .* for example openid profile email; found "profile"/],
    [{ ...basics, HOST: '0.0.0.0' }, /^NEXTAUTH_URL: expected the address of this site/],
  ])('stops the start with %j', (env, message) => expect(() => load(env as Record<string, string>)).toThrow(message))

  it('may use http on this machine', () =>
    expect(load({ ...basics, OIDC_ISSUER: 'http://127.0.0.1:9000' }).oidc?.issuer).toBe('http://127.0.0.1:9000'))

  it('never repeats a secret from the file', () => {
    const file = yaml('oidc:', '  issuer: https://id.example.com', '  clientId: lading', '  clientSecret: canary-3f9a')
    expect(() => load(file)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('canary') }))
  })
})
