import { problemResponse } from '@/app/api/problem-response'
import { AccessError, isAccessError } from '@/lib/access/access-error'
import type { Actor } from '@/lib/access/actor'
import { actionLimit } from '@/lib/access/request-limit'
import { requestSender, type Sender } from '@/lib/access/sessions/request-sender'
import { currentAddress } from '@/lib/access/sessions/session'
import { fromRequest } from '@/lib/data/from-request'
import { problemOf } from '@/lib/problem/problem-of'
import { decode, parseRegistryPath, type RegistryPath } from '@/lib/routes/registry-path'

export interface ApiRequest {
  readonly actor: Actor
  /** The actor, for what goes on while its response is sent. */
  readonly sender: Sender
  readonly query: URLSearchParams
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  readonly body: Request['body']
}

/**
 * The frame of every route below /api: identifies the actor, limits how often they change something, and answers any
 * failure before the first byte.
 */
export function apiRoute<Params>(
  work: (request: ApiRequest, params: Params) => Promise<Response> | Response,
): (request: Request, context: { params: Promise<Params> }) => Promise<Response> {
  return async (request, { params }) => {
    let actor: Actor | undefined
    try {
      const { signal, body } = request
      const query = new URL(request.url).searchParams
      const sender = await fromRequest(undefined, () => requestSender(request))
      const reader = sender.actor
      actor = reader
      if (request.method !== 'GET') actionLimit().take(reader, await currentAddress())
      const values = await params
      return await fromRequest(reader, () => work({ actor: reader, sender, query, signal, body }, values))
    } catch (error) {
      return problemResponse(problemOf(needsToken(error) ? new AccessError('no-token') : error, actor))
    }
  }
}

/** What isn't about a place reveals none. */
function needsToken(error: unknown): boolean {
  return isAccessError(error) && error.code === 'sign-in' && error.scope?.registry === undefined
}

/** The same for `/api/…/<registry>/<path>`, with a path of one of these kinds: anything else is not found. */
export function registryRoute<Kind extends RegistryPath['kind'], Params extends RegistryParams>(
  kinds: readonly Kind[],
  work: (
    request: ApiRequest & { readonly registry: string; readonly path: Extract<RegistryPath, { kind: Kind }> },
    params: Params,
  ) => Promise<Response> | Response,
) {
  const isWanted = (path: RegistryPath): path is Extract<RegistryPath, { kind: Kind }> =>
    kinds.some((kind) => kind === path.kind)
  return apiRoute<Params>((request, params) => {
    const registry = decode(params.registry)
    const path = parseRegistryPath(params.path)
    return registry && path && isWanted(path) ? work({ ...request, registry, path }, params) : problemResponse()
  })
}

interface RegistryParams {
  readonly registry: string
  readonly path: string[]
}
