import { processWide } from './process-wide.ts'

/** Aborted once this process was asked to stop: what has no end of its own must end then. */
export function stopping(): AbortSignal {
  return processWide('stopping', () => {
    const controller = new AbortController()
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort())
    return controller.signal
  })
}
