import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Marks a browser in which a user has signed in before, so that strangers who guess at the account don't lock its owner
 * out (OWASP: slow down online guessing attacks with device cookies). It proves nothing else, and signs nobody in.
 */
export function issueDevice(username: string, secret: string): string {
  const body = `${Buffer.from(username).toString('base64url')}.${randomBytes(12).toString('base64url')}`
  return `${body}.${signature(body, secret)}`
}

/** @returns a name for the device, if the cookie was issued here for this user */
export function deviceOf(cookie: string | undefined, username: string, secret: string): string | undefined {
  const [name = '', nonce = '', given = '', ...rest] = (cookie ?? '').split('.')
  if (rest.length > 0 || name !== Buffer.from(username).toString('base64url')) return undefined
  const [wanted, found] = [signature(`${name}.${nonce}`, secret), given].map((text) => Buffer.from(text))
  if (!wanted || !found || wanted.length !== found.length || !timingSafeEqual(wanted, found)) return undefined
  return nonce
}

/** In seconds. */
export const DEVICE_LIFETIME = 180 * 24 * 3600

function signature(body: string, secret: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'lading device cookie', 32))
  return createHmac('sha256', key).update(body).digest('base64url')
}
