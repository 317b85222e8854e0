import { isSignedEvent, maySendEvents } from '@/lib/access/events-access'
import { type Refusal, takeNotification } from '@/lib/data/sync/take-notification'
import { decode } from '@/lib/routes/registry-path'

/** A registry's notifications: see README. No session and no cookie count here, only the secret or a signature made with it. */
export async function POST(request: Request, { params }: { params: Promise<{ registry: string }> }): Promise<Response> {
  const mayBe = maySendEvents(request)
  if (!mayBe) return answer(401, UNPROVEN)
  const bytes = await readBody(request)
  if (bytes === undefined) return answer(413, `A notification can have at most ${LARGEST} bytes.`)
  if (mayBe === 'by-signature' && !isSignedEvent(request.headers, bytes)) return answer(401, UNPROVEN)
  const body = bytes.toString('utf8')
  const registry = decode((await params).registry) ?? ''
  const taken = takeNotification(registry, body, request.headers.get('ce-type') ?? undefined)
  return typeof taken === 'number' ? answer(202, `Accepted ${taken} events.`) : answer(...REFUSALS[taken])
}

const LARGEST = 1024 * 1024
const UNPROVEN = 'EVENTS_SECRET is not set, or the request doesn’t carry it and isn’t signed with it.'

const REFUSALS: Readonly<Record<Refusal, readonly [number, string]>> = {
  'unknown-registry': [404, 'No registry is configured under this name.'],
  'not-json': [400, 'The body isn’t JSON.'],
  'unknown-format': [
    400,
    'Not a notification from a product that Lading knows: they are listed under Settings, Notifications.',
  ],
}

/** The body, unless it is too large: then no more of it is read. */
async function readBody({ body, headers }: Request): Promise<Buffer | undefined> {
  if (Number(headers.get('content-length') ?? 0) > LARGEST) return undefined
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > LARGEST) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function answer(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}

export const dynamic = 'force-dynamic'
