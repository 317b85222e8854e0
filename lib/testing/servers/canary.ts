import { type HttpServer, startHttpServer } from './http-server.ts'

export interface Canary extends HttpServer {
  /** Requests that brought credentials or cookies: what must stay empty. */
  leaks(): { readonly path: string; readonly authorization?: string; readonly cookie?: string }[]
}

/** A host that nothing may talk to with credentials: it records each request and asks everybody for a token. */
export async function startCanary(
  options: { tls?: { cert: string; key: string }; status?: number } = {},
): Promise<Canary> {
  const server = await startHttpServer((_request, response) => {
    const challenge = { 'www-authenticate': `Bearer realm="${server.url}/token",service="canary"` }
    response
      .writeHead(options.status ?? 401, { ...challenge, 'content-type': 'application/json' })
      .end('{"token":"canary"}')
  }, options)
  return {
    ...server,
    leaks: () =>
      server.requests.flatMap(({ path, headers: { authorization, cookie } }) =>
        authorization || cookie ? [{ path, ...(authorization && { authorization }), ...(cookie && { cookie }) }] : [],
      ),
  }
}
