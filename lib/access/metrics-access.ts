import { createHash, timingSafeEqual } from 'node:crypto'
import { config } from '../config/config.ts'
import { isLocalRequest } from './anonymous-role.ts'

/** By METRICS_TOKEN as a Bearer token; without one, only for requests that come straight from this machine. */
export function mayReadMetrics(headers: Headers, token = config().metricsToken): boolean {
  if (token === undefined) return isLocalRequest(headers)
  const [, given = ''] = /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '') ?? []
  return timingSafeEqual(digestOf(given), digestOf(token))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
