import { headers } from 'next/headers'
import type { LayoutProps } from '@/app/page-props'
import { Header } from '@/components/shell/header'
import { SyncFoot, TreePanel } from '@/components/shell/late-parts'
import { NavigationProgress } from '@/components/shell/navigation-progress'
import { ServerNotices } from '@/components/shell/server-notices'
import { Shortcuts } from '@/components/shell/shortcuts'
import { Sidebar } from '@/components/shell/sidebar'
import { IconSprite } from '@/components/ui/icon-sprite'
import { usernameOf } from '@/lib/access/actor'
import { holdsEverywhere, holdsRight } from '@/lib/access/authorize'
import { describeRights } from '@/lib/access/describe-rights'
import { currentActor } from '@/lib/access/sessions/session'
import { endSession } from '@/lib/actions/session'
import { countUnfinished } from '@/lib/data/jobs/jobs'
import { ownTurn } from '@/lib/data/page-turn'
import { readSidebar } from '@/lib/data/registries/read-sidebar'
import { serverNotices } from '@/lib/data/server-notices'
import { readSyncStates } from '@/lib/data/sync/read-sync-states'
import { attempt } from '@/lib/problem/attempt'
import { PATH_HEADER } from '@/lib/routes/path-header'

export default async function ShellLayout({ children }: LayoutProps) {
  await ownTurn()
  const actor = await currentActor()
  const [pathname = '/'] = ((await headers()).get(PATH_HEADER) ?? '/').split('?')
  const { registries, levels } = await readSidebar(actor, pathname)
  const syncs = await attempt(() => readSyncStates(actor), actor)
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-surface focus:px-3 focus:py-1.5"
      >
        Skip to the content
      </a>
      <Header
        username={usernameOf(actor)}
        rights={describeRights(actor)}
        opens={{ auditor: holdsEverywhere(actor, 'audit'), protection: holdsRight(actor, 'manage', {}) }}
        signOut={endSession}
        unfinishedJobs={await countUnfinished(actor)}
      />
      <div className="flex flex-1">
        {registries.length > 0 && (
          <Sidebar>
            <TreePanel registries={registries} levels={levels} />
            {syncs.ok && <SyncFoot states={syncs.value} />}
          </Sidebar>
        )}
        <main id="main" className="mx-auto w-full max-w-416 min-w-0 flex-1 px-4 py-6 sm:px-6 lg:px-8">
          <ServerNotices notices={serverNotices(actor)} />
          {children}
        </main>
      </div>
      <IconSprite />
      <Shortcuts />
      <NavigationProgress />
    </div>
  )
}
