import type { Readable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'
import { RegistryError } from '../../errors.ts'
import { type Collected, Collector, type CollectorOptions } from './collected-body.ts'

export interface AskOptions extends Dispatcher.RequestOptions {
  readonly origin: string
  readonly body: Uint8Array | Readable | null
  readonly signal: AbortSignal | null
}

/**
 * A bounded number of connections to each origin. undici itself does not hear a signal before it has a connection for
 * the request, and waits for one without a limit: here the caller may leave at once, and no request waits for ever.
 */
export class Connections extends Agent {
  readonly #number: number
  readonly #wait: number
  /** Called when the request being handed over has got its connection. */
  #starting: ((controller: Dispatcher.DispatchController) => void) | undefined

  /** @param wait milliseconds to a free connection */
  constructor(options: Agent.Options & { connections: number }, wait: number) {
    super(options)
    this.#number = options.connections
    this.#wait = wait
  }

  /** @throws RegistryError `timeout` when no connection gets free; the signal's reason; what undici throws */
  ask(options: AskOptions): Promise<Dispatcher.ResponseData> {
    const { signal, body, origin } = options
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      let left: { readonly reason: unknown } | undefined
      let started = false
      let timer: NodeJS.Timeout | undefined
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', aborted)
      }
      const leave = (reason: unknown) => {
        left = { reason }
        settle()
        // Queued behind others, it would have no reader.
        if (body && 'destroy' in body) body.on('error', () => undefined).destroy()
        reject(reason)
      }
      const aborted = () => leave(signal?.reason)
      this.#starting = (controller) => {
        started = true
        clearTimeout(timer)
        if (left) controller.abort(left.reason instanceof Error ? left.reason : GONE)
      }
      this.request(options, (error, answer) => {
        started = true
        settle()
        if (left) answer?.body?.on('error', () => undefined).destroy()
        else if (error) reject(error)
        else resolve(answer)
      })
      this.#starting = undefined
      // Usually a connection is free, and nothing waits: from then on undici handles the signal.
      if (started) return
      timer = setTimeout(() => leave(busy(origin, this.#number, this.#wait)), this.#wait)
      signal?.addEventListener('abort', aborted, { once: true })
    })
  }

  /** The same with the whole body. @throws as `ask`, and what `onTime` gives when the body takes too long */
  collect(options: AskOptions, bounds: Pick<CollectorOptions, 'limit' | 'time' | 'onTime'>): Promise<Collected> {
    const { signal, ...asked } = options
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      let controller: Dispatcher.DispatchController | undefined
      let left = false
      let timer: NodeJS.Timeout | undefined
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', aborted)
      }
      const leave = (reason: unknown) => {
        left = true
        settle()
        controller?.abort(GONE)
        reject(reason)
      }
      const aborted = () => leave(signal?.reason)
      const collector = new Collector({
        ...bounds,
        started: (started) => {
          controller = started
          clearTimeout(timer)
          if (left) started.abort(GONE)
        },
        done: (error, answer) => {
          settle()
          if (answer) resolve(answer)
          else reject(error)
        },
      })
      signal?.addEventListener('abort', aborted, { once: true })
      this.dispatch(asked, collector)
      if (!controller) timer = setTimeout(() => leave(busy(asked.origin, this.#number, this.#wait)), this.#wait)
    })
  }

  override dispatch(options: Agent.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const starting = this.#starting
    if (starting) {
      // Set on the handler itself: one around it would cost a call for each piece of a body.
      const start = handler.onRequestStart
      handler.onRequestStart = (controller, context) => {
        starting(controller)
        start?.call(handler, controller, context)
      }
    }
    return super.dispatch(options, handler)
  }
}

const GONE = new Error('nobody is waiting any more')

function busy(origin: string, connections: number, wait: number): RegistryError {
  const host = origin.slice(origin.indexOf('://') + 3)
  const message = `all ${connections} connections to ${host} have been in use for ${wait / 1000} s`
  return new RegistryError('timeout', message, { host })
}
