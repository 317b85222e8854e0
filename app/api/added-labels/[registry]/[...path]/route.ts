import { z } from 'zod'
import { registryRoute } from '@/app/api/api-route'
import { problemResponse } from '@/app/api/problem-response'
import type { Actor } from '@/lib/access/actor'
import { assertOwnPage } from '@/lib/access/sessions/session'
import {
  addLabel,
  addLabelInput,
  MOST_ADDED,
  readAddedLabel,
  readAddedLabels,
  removeLabel,
} from '@/lib/data/labels/added-labels'
import { inputProblem } from '@/lib/problem/problem-of'

const HEADERS = { 'cache-control': 'no-store' }
const idInput = z.uuid()
/** Bytes of a label as JSON: a value whose every character is escaped. */
const LARGEST = 500_000

/** Labels that were added to a manifest: all, those whose keys begin with `prefix`, or the one with the `id`. */
export const GET = registryRoute(['digest'], async ({ actor, registry, path, query }) => {
  const place = { registry, repository: path.repository }
  const id = query.get('id')
  if (id === null) {
    const prefix = query.get('prefix') ?? ''
    const labels = await readAddedLabels(actor, place, { digests: [path.digest], prefix })
    return Response.json({ labels }, { headers: HEADERS })
  }
  if (!idInput.safeParse(id).success) return problemResponse()
  return Response.json(await readAddedLabel(actor, place, id), { headers: HEADERS })
})

/** Adds one: `{"key": "deployed-to", "value": "prod"}`, and where wanted a `mediaType` and `publish`. */
export const POST = registryRoute(['digest'], async ({ actor, registry, path, body }) => {
  await assertOwnPageOrToken(actor)
  const sent = await jsonOf(body)
  const place = { registry, repository: path.repository, digest: path.digest }
  const { data, error } = addLabelInput.safeParse(typeof sent === 'object' ? { ...sent, ...place } : undefined)
  if (error) return problemResponse(inputProblem(error.issues.map(({ message }) => message)))
  const added = await addLabel(actor, data, 'api')
  if (!added) return problemResponse(inputProblem([`An image has at most ${MOST_ADDED} added labels.`]))
  return Response.json(added, { status: 201, headers: HEADERS })
})

/** Deletes the one with the `id`, and answers with it. */
export const DELETE = registryRoute(['digest'], async ({ actor, registry, path, query }) => {
  await assertOwnPageOrToken(actor)
  const { data: id } = idInput.safeParse(query.get('id'))
  if (id === undefined) return problemResponse()
  const removed = await removeLabel(actor, { registry, repository: path.repository, id })
  return Response.json(removed, { headers: HEADERS })
})

/** A browser sends the session's cookie automatically; a token is sent on purpose. */
async function assertOwnPageOrToken({ only }: Actor): Promise<void> {
  if (only === undefined) await assertOwnPage()
}

/** Undefined for what is too large or no JSON. */
async function jsonOf(body: Request['body']): Promise<unknown> {
  if (!body) return undefined
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > LARGEST) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return undefined
  }
}
