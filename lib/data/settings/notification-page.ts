import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { assertHoldsRight } from '../../access/authorize.ts'
import { config } from '../../config/config.ts'
import { type NotificationSetup, notificationSetups } from '../../format/notification-setup.ts'
import { visibleRegistries } from '../registries/registries.ts'

export interface NotificationPage {
  /** Whether EVENTS_SECRET is set: without it no notification is taken. */
  readonly isOn: boolean
  readonly registries: readonly {
    readonly name: string
    readonly url: string
    readonly setups: readonly NotificationSetup[]
  }[]
}

/** Stands for the secret in texts to copy: the secret itself is never shown. */
export const SECRET_WORD = 'EVENTS_SECRET'

/** How to configure registries to report pushes. Layouts report none. @throws AccessError for non-admins */
export function readNotificationPage(actor: Actor, origin: string): NotificationPage {
  assertHoldsRight(actor, 'manage', {})
  return {
    isOn: config().eventsSecret !== undefined,
    registries: visibleRegistries(actor)
      .filter(({ kind }) => kind === 'http')
      .map(({ name }) => {
        const url = `${origin}/api/events/${encodeURIComponent(name)}`
        return { name, url, setups: notificationSetups(url, SECRET_WORD) }
      }),
  }
}
