import { subscribe } from 'node:diagnostics_channel'
import { processWide } from '../config/process-wide.ts'
import { metrics } from './metrics.ts'

interface UpstreamRequest {
  readonly origin?: string | URL
}

/** Counts requests to registries by host and outcome, where undici reports them. Hosts past the limit count as one. */
export function observeUpstream(): void {
  const state = processWide('observe-upstream', () => ({ on: false, hosts: new Set<string>() }))
  if (state.on) return
  state.on = true
  const count = (request: UpstreamRequest, outcome: string) => {
    const host = URL.parse(String(request.origin))?.host ?? 'unknown'
    if (state.hosts.size < MOST_HOSTS) state.hosts.add(host)
    metrics().upstream.inc({ host: state.hosts.has(host) ? host : 'other', outcome })
  }
  subscribe('undici:request:headers', (message) => {
    const { request, response } = message as { request: UpstreamRequest; response: { statusCode: number } }
    count(request, String(response.statusCode))
  })
  subscribe('undici:request:error', (message) => {
    const { request, error } = message as { request: UpstreamRequest; error: Error & { code?: unknown } }
    count(request, typeof error.code === 'string' ? error.code : error.name)
  })
}

const MOST_HOSTS = 100
