import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'
import { freePort } from './free-port.ts'

export interface IdentityProvider extends AsyncDisposable {
  /** The issuer. */
  readonly url: string
  readonly redirectUri: string
  readonly clientId: string
  readonly clientSecret: string
  /** The groups of each person; anyone else can sign in too, without any. */
  readonly groups: Record<string, readonly string[]>
}

/**
 * A real OpenID Connect provider, with forms to sign in and to consent where any password is right.
 * @param redirectUri where it may send people back to
 */
export async function startIdentityProvider(
  redirectUri: string,
  groups: Record<string, readonly string[]>,
): Promise<IdentityProvider> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const [clientId, clientSecret] = ['lading', 'the secret of the client']
  const provider = new Provider(url, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
    cookies: { keys: ['a key of the test'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test' }] },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, ...(groups[id] && { groups: groups[id] }) }),
    }),
  })
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url,
    redirectUri,
    clientId,
    clientSecret,
    groups,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
