import { request } from 'undici'
import { z } from 'zod'
import type { OidcConfig } from '../../config/oidc-config.ts'
import { processWide } from '../../config/process-wide.ts'
import { steadyNow } from '../../config/steady-clock.ts'
import type { ProviderTokens } from './provider-tokens.ts'

/** The provider's current answer about a user. */
export type ProviderAnswer =
  | { readonly state: 'known'; readonly claims: Readonly<Record<string, unknown>>; readonly tokens: ProviderTokens }
  /** It no longer lets them in. */
  | { readonly state: 'gone' }
  /** It didn't respond, or has given nothing that it could be asked with. */
  | { readonly state: 'silent' }

/** Milliseconds: a page waits for this. */
const TIMEOUT = 3_000
const MOST_BYTES = 1_048_576
const DOCUMENT_HOLDS = 600_000

const documentSchema = z.object({
  issuer: z.string(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url().optional(),
})
const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number().optional(),
  id_token: z.string().optional(),
})
const claimsSchema = z.looseObject({ sub: z.string() })

/** Asks the provider about a user again: with a refresh token, or else at its userinfo endpoint. */
export async function askProvider(oidc: OidcConfig, tokens: ProviderTokens, subject: string): Promise<ProviderAnswer> {
  try {
    const provider = await discover(oidc)
    const isExpired = tokens.expiresAt !== undefined && tokens.expiresAt <= steadyNow()
    if (tokens.refreshToken !== undefined) return await refresh(oidc, provider, tokens.refreshToken, subject)
    if (isExpired || !provider.userinfo_endpoint) return { state: 'silent' }
    const claims = await userinfo(provider.userinfo_endpoint, tokens.accessToken)
    if (claims === 'refused') return { state: 'gone' }
    return claims?.sub === subject ? { state: 'known', claims, tokens } : { state: 'silent' }
  } catch (error) {
    // The details could hold a token.
    console.error(`${oidc.issuer} could not be asked about a user: ${error instanceof Error ? error.name : 'unknown'}`)
    return { state: 'silent' }
  }
}

type Document = z.infer<typeof documentSchema>

async function discover(oidc: OidcConfig): Promise<Document> {
  const memory = processWide<{ at: number; document?: Document }>(`oidc-document ${oidc.issuer}`, () => ({ at: 0 }))
  if (memory.document && performance.now() - memory.at < DOCUMENT_HOLDS) return memory.document
  const { status, body } = await send(`${oidc.issuer}/.well-known/openid-configuration`)
  if (status !== 200) throw new Error('no document')
  const document = documentSchema.parse(body)
  // The document of one provider must not make tokens of another one count.
  if (document.issuer.replace(/\/$/, '') !== oidc.issuer) throw new Error('another issuer')
  Object.assign(memory, { at: performance.now(), document })
  return document
}

async function refresh(
  oidc: OidcConfig,
  provider: Document,
  refreshToken: string,
  subject: string,
): Promise<ProviderAnswer> {
  const { clientId, clientSecret } = oidc
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
  if (clientSecret === undefined) form.set('client_id', clientId)
  const { status, body } = await send(provider.token_endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(clientSecret !== undefined && { authorization: basic(clientId, clientSecret) }),
    },
    body: form.toString(),
  })
  if (status === 400 && isInvalidGrant(body)) return { state: 'gone' }
  if (status !== 200) return { state: 'silent' }
  const answer = tokensSchema.parse(body)
  const tokens: ProviderTokens = {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? refreshToken,
    ...(answer.expires_in !== undefined && { expiresAt: Math.floor(steadyNow()) + answer.expires_in * 1000 }),
  }
  const own = answer.id_token === undefined ? undefined : idTokenClaims(answer.id_token)
  if (own && !isOf(own, oidc, subject)) return { state: 'gone' }
  const isWhole = own && [oidc.usernameClaim, oidc.groupsClaim].every((claim) => own[claim] !== undefined)
  if (isWhole || !provider.userinfo_endpoint) return own ? { state: 'known', claims: own, tokens } : { state: 'silent' }
  const more = await userinfo(provider.userinfo_endpoint, answer.access_token)
  if (more === 'refused') return { state: 'gone' }
  if (more?.sub !== subject) return { state: 'silent' }
  return { state: 'known', claims: { ...more, ...own }, tokens }
}

async function userinfo(url: string, accessToken: string) {
  const { status, body } = await send(url, { headers: { authorization: `Bearer ${accessToken}` } })
  if (status === 401 || status === 403) return 'refused'
  return status === 200 ? claimsSchema.safeParse(body).data : undefined
}

/** Its signature needs no check: it comes from the token endpoint itself, over TLS (OpenID Connect Core 1.0, 3.1.3.7 and 12.2). */
function idTokenClaims(token: string) {
  const [, payload = ''] = token.split('.')
  return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
}

function isOf(claims: Readonly<Record<string, unknown>>, { issuer, clientId }: OidcConfig, subject: string): boolean {
  const isOurs = [claims.aud].flat().includes(clientId)
  return String(claims.iss).replace(/\/$/, '') === issuer && isOurs && claims.sub === subject
}

function isInvalidGrant(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && body.error === 'invalid_grant'
}

/** RFC 6749, 2.3.1: both are form-encoded first. */
function basic(id: string, secret: string): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll('%20', '+')
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`
}

async function send(
  url: string,
  options: { method?: 'POST'; headers?: Record<string, string>; body?: string } = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const signal = AbortSignal.timeout(TIMEOUT)
  const response = await request(url, { ...options, signal })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString()
  return { status: response.statusCode, body: text.startsWith('{') ? JSON.parse(text) : undefined }
}
