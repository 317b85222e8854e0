import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { processWide } from '../config/process-wide.ts'
import { freeWhatIsWritten } from '../registry/freed-pieces.ts'

/** Frees the memory of downloads as they are sent: those whose stream was given to `freeOnceWritten`. */
export function freeDownloads(): void {
  const state = processWide('free-downloads', () => ({ on: false }))
  if (state.on) return
  state.on = true
  subscribe('http.server.request.start', (message) => {
    freeWhatIsWritten((message as { request: IncomingMessage }).request.socket)
  })
}
