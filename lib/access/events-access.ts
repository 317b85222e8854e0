import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { config } from '../config/config.ts'

/** Says that only the body can prove it: see `isSignedEvent`. */
const BY_SIGNATURE = 'by-signature'

/**
 * Whether the sender of a notification holds EVENTS_SECRET: as a Bearer token, as the password of basic authentication,
 * as the whole header or as `?token=`, as registries can be configured to send it. Takes the same time for every input.
 */
export function maySendEvents(
  { url, headers }: Pick<Request, 'url' | 'headers'>,
  secret = config().eventsSecret,
): boolean | typeof BY_SIGNATURE {
  if (secret === undefined) return false
  const header = headers.get('authorization') ?? ''
  const [, token] = /^Bearer (.+)$/i.exec(header) ?? []
  const [, basic] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header) ?? []
  const password =
    basic &&
    Buffer.from(basic, 'base64')
      .toString()
      .replace(/^[^:]*:/, '')
  // Docker Hub sends neither headers nor signatures: all that can be set is the address.
  const carried = token ?? password ?? (header || (new URL(url).searchParams.get('token') ?? ''))
  if (isSame(carried, secret)) return true
  // Artifactory sends the secret itself unless it's set to sign with it.
  if (isSame(headers.get(ARTIFACTORY) ?? '', secret)) return true
  return SIGNATURES.some(({ header: name }) => headers.has(name)) && BY_SIGNATURE
}

/** Whether one who holds EVENTS_SECRET has signed these bytes. */
export function isSignedEvent(headers: Headers, body: Uint8Array, secret = config().eventsSecret): boolean {
  if (secret === undefined) return false
  return SIGNATURES.some(({ header, algorithm, prefix = '' }) => {
    const given = headers.get(header)
    return given !== null && isSame(given, prefix + createHmac(algorithm, secret).update(body).digest('hex'))
  })
}

const ARTIFACTORY = 'x-jfrog-event-auth'

const SIGNATURES: readonly { readonly header: string; readonly algorithm: string; readonly prefix?: string }[] = [
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  { header: 'x-hub-signature-256', algorithm: 'sha256', prefix: 'sha256=' },
  // https://help.sonatype.com/en/working-with-hmac-payloads.html
  { header: 'x-nexus-webhook-signature', algorithm: 'sha1' },
  // https://registry.terraform.io/providers/jfrog/artifactory/latest/docs/resources/docker_webhook: use_secret_for_signing
  { header: ARTIFACTORY, algorithm: 'sha256' },
]

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
