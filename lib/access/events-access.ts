import { createHash, timingSafeEqual } from 'node:crypto'
import { config } from '../config/config.ts'

/**
 * Whether the sender of a notification holds EVENTS_SECRET: as a Bearer token, as the password of basic authentication,
 * or as the whole header, as registries can be configured to send it. Takes the same time for every input.
 */
export function maySendEvents(headers: Headers, secret = config().eventsSecret): boolean {
  if (secret === undefined) return false
  const header = headers.get('authorization') ?? ''
  const [, token] = /^Bearer (.+)$/i.exec(header) ?? []
  const [, basic] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header) ?? []
  const password =
    basic &&
    Buffer.from(basic, 'base64')
      .toString()
      .replace(/^[^:]*:/, '')
  return timingSafeEqual(digestOf(token ?? password ?? header), digestOf(secret))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
