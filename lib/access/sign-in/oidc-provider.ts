import type { OAuthConfig } from 'next-auth/providers/oauth'
import { z } from 'zod'
import type { OidcConfig } from '../../config/oidc-config.ts'
import { identityOf } from './identity.ts'

export const OIDC = 'oidc'

type Claims = Readonly<Record<string, unknown>>

/** The configured provider for next-auth, which discovers its endpoints and checks state, nonce, PKCE and signature. */
export function oidcProvider(oidc: OidcConfig): OAuthConfig<Claims> {
  return {
    id: OIDC,
    name: oidc.name,
    type: 'oauth',
    wellKnown: `${oidc.issuer}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    ...(oidc.clientSecret !== undefined && { clientSecret: oidc.clientSecret }),
    client: { token_endpoint_auth_method: oidc.clientSecret === undefined ? 'none' : 'client_secret_basic' },
    authorization: { params: { scope: oidc.scopes } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    httpOptions: { timeout: 10_000 },
    userinfo: {
      async request({ tokens, client }) {
        // The document of one provider must not make tokens of another one count.
        const issuer = z.string().parse(client.issuer.metadata.issuer)
        if (issuer.replace(/\/$/, '') !== oidc.issuer) throw new Error('The provider states another issuer.')
        const claims = idTokenClaims(tokens.id_token)
        const isWhole = [oidc.usernameClaim, oidc.groupsClaim].every((claim) => claims[claim] !== undefined)
        if (isWhole || !client.issuer.metadata.userinfo_endpoint || !tokens.access_token) return claims
        const more = await client.userinfo(tokens.access_token)
        if (more.sub !== claims.sub) throw new Error('The provider describes another user.')
        return { ...more, ...claims }
      },
    },
    profile: (claims) => {
      const identity = identityOf(oidc, claims)
      return { id: String(claims.sub), name: typeof identity === 'string' ? '' : identity.username }
    },
  }
}

/** Of a token whose signature openid-client has verified. */
function idTokenClaims(token: string | undefined): { sub: string } & Record<string, unknown> {
  const [, payload = ''] = (token ?? '').split('.')
  return z.looseObject({ sub: z.string() }).parse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
}
