import { problemOf } from '@/lib/problem/problem-of'

/**
 * Server-sent events: `progress` for each value, then `end`, or `problem` with what the user reads. Ends when the
 * browser disconnects; the work it followed continues.
 */
export function eventStream(
  clientSignal: AbortSignal,
  follow: (signal: AbortSignal) => AsyncGenerator<unknown>,
): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (event: string, data: unknown) => {
        if (!clientSignal.aborted)
          controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
      }
      try {
        for await (const value of follow(clientSignal)) {
          if (clientSignal.aborted) return
          send('progress', value)
        }
        send('end', null)
      } catch (error) {
        send('problem', problemOf(error))
      } finally {
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
