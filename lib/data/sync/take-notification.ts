import 'server-only'
import { parseNotification } from '../../catalog/notifications/parse-notification.ts'
import { registryByName } from '../registries/registries.ts'
import { recheck } from './recheck.ts'

/** Why a notification isn't taken. */
export type Refusal = 'unknown-registry' | 'not-json' | 'unknown-format'

/**
 * Rereads the tags that a registry reports as changed. The sender has proved to know the secret.
 * @param type of a CloudEvent whose attributes are in headers
 * @returns how many hints it held
 */
export function takeNotification(registry: string, body: string, type: string | undefined): number | Refusal {
  if (!registryByName(registry)) return 'unknown-registry'
  let document: unknown
  try {
    document = JSON.parse(body)
  } catch {
    return 'not-json'
  }
  const notices = parseNotification(document, type)
  if (!notices) return 'unknown-format'
  for (const notice of notices) recheck({ registry, ...notice, how: 'notification' })
  return notices.length
}
