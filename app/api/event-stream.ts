import type { Sender } from '@/lib/access/sessions/request-sender'
import { watchRights } from '@/lib/access/sessions/rights-watch'
import { stopping } from '@/lib/config/stopping'
import { takeStreamSlot } from '@/lib/data/request-slots'
import { problemOf } from '@/lib/problem/problem-of'

/** Milliseconds between two signs of life: proxies close idle connections, most after a minute. */
const HEARTBEAT = 20_000

/**
 * Server-sent events: `progress` for each value, then `end`, or `problem` with what the user reads. Ends when the
 * browser disconnects; the work it followed continues. When the process stops or the sender's rights end, the stream
 * breaks off, and the browser asks for it again.
 * @throws JobError `streams`
 */
export async function eventStream(
  sender: Sender,
  clientSignal: AbortSignal,
  follow: (signal: AbortSignal) => AsyncGenerator<unknown>,
): Promise<Response> {
  const release = await takeStreamSlot(sender)
  const encoder = new TextEncoder()
  const rights = watchRights(sender)
  const signal = AbortSignal.any([clientSignal, stopping(), rights.signal])
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (text: string) => {
        if (!signal.aborted) controller.enqueue(encoder.encode(`${text}\n\n`))
      }
      const sendEvent = (event: string, data: unknown) => send(`event: ${event}\ndata: ${JSON.stringify(data)}`)
      const heartbeat = setInterval(() => send(':'), HEARTBEAT)
      // Headers are sent with the first bytes, and the browser waits for them.
      send(':')
      try {
        for await (const value of follow(signal)) {
          if (signal.aborted) return
          sendEvent('progress', value)
        }
        sendEvent('end', null)
      } catch (error) {
        sendEvent('problem', problemOf(error))
      } finally {
        clearInterval(heartbeat)
        rights.end()
        release()
        if (!clientSignal.aborted) controller.close()
      }
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
