import type { Config } from '../config/config.ts'

/** An address that no page has: it is answered with the frame of all pages, as it is to anyone before they sign in. */
const PATH = '/warm-up'
/** Milliseconds. */
const LONGEST = 30_000

/**
 * Renders one page as soon as the server answers. The framework runs the code of components only when a page first needs
 * it, which takes longer than the page itself: the first visitor after a start would wait for it.
 */
export async function warmUp({ host, port, basePath }: Pick<Config, 'host' | 'port' | 'basePath'>): Promise<void> {
  const loopback = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host]
  const authority = `${loopback ?? (host.includes(':') ? `[${host}]` : host)}:${port}`
  try {
    const response = await fetch(`http://${authority}${basePath}${PATH}`, { signal: AbortSignal.timeout(LONGEST) })
    // To its end: the rest isn't rendered for a reader that has left.
    await response.arrayBuffer()
  } catch {
    // The first visitor waits then. Whether the server can be reached is for probes to say.
  }
}
