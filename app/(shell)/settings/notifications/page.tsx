import { BellOff } from 'lucide-react'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { SetupTexts } from '@/components/settings/setup-texts'
import { Empty } from '@/components/ui/empty'
import { Notice } from '@/components/ui/notice'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { config } from '@/lib/config/config'
import { readNotificationPage } from '@/lib/data/settings/notification-page'
import { visitor } from '@/lib/data/visitor'
import { isAbsence } from '@/lib/problem/access-problem'
import { attempt } from '@/lib/problem/attempt'
import { basePath } from '@/lib/routes/base-path'

export const metadata: Metadata = { title: 'Notifications' }

export default async function NotificationsPage() {
  const actor = await visitor()
  const origin = await addressOfLading()
  const page = await attempt(async () => readNotificationPage(actor, origin), actor)
  if (!page.ok && isAbsence(page.problem)) notFound()
  return (
    <>
      <PageHead
        title="Notifications"
        about="When a registry reports its pushes to Lading, open pages show them within two seconds, and the history with their time. A notification only says where to look: Lading then reads the registry itself."
      />
      {!page.ok ? (
        <ProblemNotice problem={page.problem} />
      ) : (
        <div className="space-y-6">
          {!page.value.isOn && (
            <Notice tone="warn" title="Notifications are off">
              Set EVENTS_SECRET to a long random text and restart Lading. Until then it refuses every notification.
            </Notice>
          )}
          {page.value.registries.length === 0 ? (
            <Empty icon={BellOff} title="No registry can report pushes">
              Layouts on disk don’t send notifications: Lading checks them itself.
            </Empty>
          ) : (
            page.value.registries.map((registry, index) => (
              <SetupTexts key={registry.name} registry={registry} isOpen={index === 0} />
            ))
          )}
        </div>
      )}
    </>
  )
}

/** The address that people use; registries may need another one. */
async function addressOfLading(): Promise<string> {
  const { baseUrl } = config()
  if (baseUrl) return String(baseUrl).replace(/\/$/, '')
  return `http://${(await headers()).get('host') ?? 'localhost'}${basePath}`
}
