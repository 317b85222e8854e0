import type { LayoutProps } from '@/app/page-props'
import { SettingsTabs } from '@/components/settings/settings-tabs'
import { holdsRight } from '@/lib/access/authorize'
import { currentActor } from '@/lib/access/sessions/session'
import {
  accessHref,
  notificationsHref,
  protectionHref,
  retentionHref,
  sessionsHref,
  tokensHref,
} from '@/lib/routes/href'

export default async function SettingsLayout({ children }: LayoutProps) {
  const actor = await currentActor()
  const isAdmin = holdsRight(actor, 'manage', {})
  const tabs = [
    { href: accessHref(), name: 'Access' },
    ...(actor.kind === 'user'
      ? [
          { href: sessionsHref(), name: 'Sessions' },
          { href: tokensHref, name: 'Access tokens' },
        ]
      : []),
    ...(isAdmin
      ? [
          { href: protectionHref, name: 'Protection' },
          { href: retentionHref(), name: 'Retention' },
          { href: notificationsHref, name: 'Notifications' },
        ]
      : []),
  ]
  return (
    <>
      {tabs.length > 1 && <SettingsTabs tabs={tabs} />}
      {children}
    </>
  )
}
