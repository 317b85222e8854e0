import type { Dispatcher } from 'undici'

/** The body of an answer, whether it is still on its connection or here. */
export interface ResponseBody extends AsyncIterable<Uint8Array> {
  bytes(): Promise<Uint8Array>
  dump(options: { readonly limit: number }): Promise<unknown>
  on(event: 'error', listener: () => void): this
  destroy(error?: Error): unknown
}

/** A body that arrived with its answer: nothing is left to read, wait for or abandon. */
export class CollectedBody implements ResponseBody {
  readonly content: Uint8Array
  /** False where more came than was asked for. */
  readonly isWhole: boolean

  constructor(content: Uint8Array, isWhole: boolean) {
    this.content = content
    this.isWhole = isWhole
  }
  async bytes(): Promise<Uint8Array> {
    return this.content
  }
  async dump(): Promise<void> {}
  on(): this {
    return this
  }
  destroy(): void {}
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield this.content
  }
}

export interface Collected {
  readonly statusCode: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: CollectedBody
}

export interface CollectorOptions {
  /** Bytes; what exceeds them ends the connection, and the answer comes without the rest. */
  readonly limit: number
  /** Milliseconds for the whole body: the limit between two pieces alone would let a server drip for days. */
  readonly time: number
  readonly onTime: () => Error
  readonly started: (controller: Dispatcher.DispatchController) => void
  readonly done: (error: unknown, answer?: Collected) => void
}

/** Bytes of what explains a refusal. */
const REFUSAL_LIMIT = 65_536

/** Takes an answer as it comes from the parser. A stream for each of thousands of small documents costs a fifth of the rate. */
export class Collector implements Dispatcher.DispatchHandler {
  readonly #options: CollectorOptions
  readonly #chunks: Buffer[] = []
  #limit: number
  #size = 0
  #status = 0
  #headers: Dispatcher.ResponseData['headers'] = {}
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(options: CollectorOptions) {
    this.#options = options
    this.#limit = options.limit
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#options.started(controller)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Dispatcher.ResponseData['headers'],
  ): void {
    // 1xx: the final answer follows.
    if (status < 200) return
    this.#status = status
    this.#headers = headers
    if (status >= 300) this.#limit = Math.min(this.#limit, REFUSAL_LIMIT)
    if (Number(headers['content-length']) > this.#limit) this.#cut(controller)
    // Mostly the rest has come along with it.
    queueMicrotask(() => {
      if (this.#isOver) return
      this.#timer = setTimeout(() => controller.abort(this.#options.onTime()), this.#options.time)
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size > this.#limit && !this.#isOver) this.#cut(controller)
  }

  onResponseEnd(): void {
    this.#end(true)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#options.done(error)
  }

  #cut(controller: Dispatcher.DispatchController): void {
    this.#end(false)
    controller.abort(new Error('received more than was asked for'))
  }

  #end(isWhole: boolean): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    // Its own: what came is part of a larger piece of memory, which a cache would hold on to.
    const content = new Uint8Array(this.#size)
    let at = 0
    for (const chunk of this.#chunks) {
      content.set(chunk, at)
      at += chunk.length
    }
    this.#options.done(undefined, {
      statusCode: this.#status,
      headers: this.#headers,
      body: new CollectedBody(content, isWhole),
    })
  }
}
