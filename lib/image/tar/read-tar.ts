import type { TarEntry } from './tar-entry.ts'
import { type TarEvent, TarScanner } from './tar-scanner.ts'

/** An entry and its content, which is to be read before the next entry; what is not read is passed over. */
export interface TarFile {
  readonly entry: TarEntry
  readonly body: AsyncIterable<Uint8Array>
}

/** Reads a tar entry by entry, in constant memory. @throws FormatError `tar` */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarFile, void> {
  const events = eventsOf(source)
  for (;;) {
    const next = await events.next()
    if (next.done) return
    if (next.value.kind !== 'entry') continue
    const body = bodyOf(events)
    yield { entry: next.value.entry, body }
    for await (const _ of body) {
      // What the caller did not want.
    }
  }
}

async function* eventsOf(source: AsyncIterable<Buffer>): AsyncGenerator<TarEvent, void> {
  const scanner = new TarScanner()
  for await (const chunk of source) yield* scanner.feed(chunk)
  scanner.finish()
}

/** One iterator, however often it is asked for, so that leaving a loop early leaves the rest to be passed over. */
function bodyOf(events: AsyncGenerator<TarEvent, void>): AsyncIterable<Uint8Array> {
  let ended = false
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (ended) return { done: true, value: undefined }
    const event = await events.next()
    if (!event.done && event.value.kind === 'data') return { done: false, value: event.value.bytes }
    ended = true
    return { done: true, value: undefined }
  }
  return { [Symbol.asyncIterator]: () => ({ next }) }
}
