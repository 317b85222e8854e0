import { createPrivateKey, type KeyObject, randomUUID, sign, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { makeCertificates } from './certificates.ts'
import type { TokenAuthentication } from './docker-registry.ts'
import { type RecordedRequest, startHttpServer } from './http-server.ts'

export interface Account {
  readonly username: string
  readonly password: string
  /** Actions by repository: an exact name, `team/**` or `**`. `'*'` among the actions means every action. */
  readonly access: Readonly<Record<string, readonly string[]>>
  /** May list the catalog. Default false. */
  readonly catalog?: boolean
}

export interface TokenServerOptions {
  readonly accounts?: readonly Account[]
  /** What someone without credentials may do. Default: nothing. */
  readonly anonymous?: Omit<Account, 'username' | 'password'>
  /** POST (OAuth 2) flow; without it POST is a 404, as on servers that only know GET. Default true. */
  readonly post?: boolean
  /** Accepts an account's password with any user name, as servers do whose tokens say who one is. Default false. */
  readonly ignoresNames?: boolean
  /** The name of the field in the answer. Default: both. */
  readonly field?: 'token' | 'access_token' | 'both'
}

export interface TokenServer extends AsyncDisposable {
  readonly url: string
  /** What `startDockerRegistry` wants. */
  readonly token: TokenAuthentication
  /** Requests in order, with bodies. */
  readonly requests: readonly RecordedRequest[]
  /**
   * Seconds that tokens live from now on; a negative number issues tokens that are long expired (distribution
   * allows 60 s of clock difference) while `expires_in` still promises 300 s.
   */
  lifetime: number
  /** Set to answer every request with this status. */
  failWith: number | undefined
  stop(): Promise<void>
}

/** A token server of the Docker token specification whose JWTs distribution verifies (`x5c`). */
export async function startTokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  const { cert, key, caPath } = await makeCertificates()
  const privateKey = createPrivateKey(await readFile(key))
  const leaf = new X509Certificate(await readFile(cert)).raw.toString('base64')
  const service = 'lading test registry'
  const issuer = 'lading test issuer'
  const refreshTokens = new Map<string, Account>()

  const issue = (grants: Grant[], subject: string) => {
    const now = Math.floor(Date.now() / 1000)
    const expiry = now + server.lifetime
    const claims = {
      iss: issuer,
      sub: subject,
      aud: service,
      exp: expiry,
      nbf: now - 600,
      iat: now,
      jti: randomUUID(),
      access: grants,
    }
    return signJwt(privateKey, { typ: 'JWT', alg: 'ES256', x5c: [leaf] }, claims)
  }

  const answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://token')
    if (server.failWith) return send(response, server.failWith, { details: 'the token server was told to fail' })
    if (request.method === 'POST' && options.post === false) return send(response, 404, { details: 'no POST here' })
    const form = request.method === 'POST' ? new URLSearchParams(body.toString()) : url.searchParams
    if (form.get('service') !== service) return send(response, 400, { details: 'unknown service' })
    const claimed = request.method === 'POST' ? fromForm(form) : fromHeader(request.headers.authorization)
    if (claimed === 'wrong') return send(response, 401, { details: 'incorrect username or password' })
    const grants = grantsOf(form.getAll('scope').join(' '), claimed ?? options.anonymous)
    const token = issue(grants, claimed?.username ?? '')
    const field = options.field ?? 'both'
    const wantsRefresh = form.get('offline_token') === 'true' || form.get('access_type') === 'offline'
    const refresh = claimed && wantsRefresh ? remember(claimed) : undefined
    send(response, 200, {
      ...(field !== 'access_token' && { token }),
      ...(field !== 'token' && { access_token: token }),
      ...(refresh && { refresh_token: refresh }),
      expires_in: server.lifetime > 0 ? server.lifetime : 300,
      issued_at: new Date().toISOString(),
    })
  }

  const remember = (account: Account) => {
    const token = randomUUID()
    refreshTokens.set(token, account)
    return token
  }
  const find = (username: string, password: string) =>
    options.accounts?.find(
      (account) => (options.ignoresNames || account.username === username) && account.password === password,
    ) ?? 'wrong'
  const fromHeader = (header: string | undefined) => {
    if (!header) return undefined
    const [username = '', ...rest] = Buffer.from(header.replace(/^basic /i, ''), 'base64')
      .toString()
      .split(':')
    return find(username, rest.join(':'))
  }
  const fromForm = (form: URLSearchParams) =>
    form.get('grant_type') === 'refresh_token'
      ? (refreshTokens.get(form.get('refresh_token') ?? '') ?? accountOfIdentityToken(form.get('refresh_token')))
      : find(form.get('username') ?? '', form.get('password') ?? '')
  /** `identity-<username>` is everybody's refresh token, so that tests can write it into a Docker config.json. */
  const accountOfIdentityToken = (token: string | null) =>
    options.accounts?.find((account) => token === `identity-${account.username}`) ?? 'wrong'

  const http = await startHttpServer(answer)
  const server: TokenServer = {
    url: http.url,
    token: { realm: `${http.url}/token`, service, issuer, rootcertbundle: caPath },
    requests: http.requests,
    lifetime: 300,
    failWith: undefined,
    stop: http.stop,
    [Symbol.asyncDispose]: http.stop,
  }
  return server
}

interface Grant {
  readonly type: string
  readonly name: string
  readonly actions: readonly string[]
}

function grantsOf(scopes: string, account: Pick<Account, 'access' | 'catalog'> | undefined): Grant[] {
  return scopes
    .split(' ')
    .filter(Boolean)
    .flatMap((scope) => {
      const first = scope.indexOf(':')
      const last = scope.lastIndexOf(':')
      const [type, name] = [scope.slice(0, first), scope.slice(first + 1, last)]
      const actions = scope.slice(last + 1).split(',')
      const allowed = type === 'registry' ? (account?.catalog ? ['*'] : []) : allowedActions(name, account)
      const granted = actions.filter((action) => allowed.includes('*') || allowed.includes(action))
      return granted.length > 0 ? [{ type, name, actions: granted }] : []
    })
}

function allowedActions(repository: string, account: Pick<Account, 'access'> | undefined): readonly string[] {
  return Object.entries(account?.access ?? {}).flatMap(([pattern, actions]) => {
    const matches = pattern.endsWith('**') ? repository.startsWith(pattern.slice(0, -2)) : repository === pattern
    return matches ? actions : []
  })
}

function signJwt(key: KeyObject, header: object, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part(header)}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
