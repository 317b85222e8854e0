import { addAbortSignal, PassThrough, pipeline, Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { z } from 'zod'
import { apiRoute } from '@/app/api/api-route'
import { problemResponse } from '@/app/api/problem-response'
import { whileAllowed } from '@/lib/access/sessions/rights-watch'
import { assertOwnPage } from '@/lib/access/sessions/session'
import { load } from '@/lib/data/archives/load-archive'
import { inUploadSlot } from '@/lib/data/request-slots'
import { isRepositoryName, isTag, type Tag } from '@/lib/oci/reference'
import { decode } from '@/lib/routes/registry-path'

/** Streams an archive in, and answers with its content. Ends when the browser disconnects: nothing is tagged then. */
export const PUT = apiRoute<{ registry: string }>(async ({ actor, sender, query, signal, body }, params) => {
  const registry = decode(params.registry)
  const repository = query.get('repository') ?? undefined
  if (!registry || !body || (repository !== undefined && !isRepositoryName(repository))) return problemResponse()
  const tags = tagsIn(query.get('tags'))
  if (!tags) return problemResponse()
  await assertOwnPage()
  const target = { registry, repository, overwrite: query.get('overwrite') === '1', tags }
  // Of its own: a body that the sender leaves unfinished isn't destroyed before it has ended.
  const archive = pipeline(Readable.fromWeb(body as NodeStream<Uint8Array>), new PassThrough(), () => {})
  const loaded = await whileAllowed(sender, (allowed) =>
    inUploadSlot(sender, () =>
      load(actor, target, addAbortSignal(allowed, archive), { signal: AbortSignal.any([signal, allowed]) }),
    ),
  )
  return Response.json(loaded, { headers: { 'cache-control': 'no-store' } })
})

const tagsInput = z.array(z.tuple([z.string().max(1000), z.string().refine(isTag)])).max(500)

/** Tags by what the archive calls the image: `[["app:1","2"]]`. Undefined for anything else. */
function tagsIn(text: string | null): ReadonlyMap<string, Tag> | undefined {
  if (text === null) return new Map()
  try {
    const { data } = tagsInput.safeParse(JSON.parse(text))
    return data && new Map(data.flatMap(([name, tag]) => (isTag(tag) ? [[name, tag]] : [])))
  } catch {
    return undefined
  }
}
