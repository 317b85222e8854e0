import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { apiRoute } from '@/app/api/api-route'
import { problemResponse } from '@/app/api/problem-response'
import { assertOwnPage } from '@/lib/access/session'
import { load } from '@/lib/data/archives/load-archive'
import { isRepositoryName } from '@/lib/oci/reference'
import { decode } from '@/lib/routes/registry-path'

/** Takes an archive as it comes, and answers with what it held. Ends when the browser goes away: nothing is tagged then. */
export const PUT = apiRoute<{ registry: string }>(async ({ actor, query, signal, body }, params) => {
  const registry = decode(params.registry)
  const repository = query.get('repository') ?? undefined
  if (!registry || !body || (repository !== undefined && !isRepositoryName(repository))) return problemResponse()
  await assertOwnPage()
  const target = { registry, repository, overwrite: query.get('overwrite') === '1' }
  const loaded = await load(actor, target, Readable.fromWeb(body as NodeStream<Uint8Array>), { signal })
  return Response.json(loaded, { headers: { 'cache-control': 'no-store' } })
})
