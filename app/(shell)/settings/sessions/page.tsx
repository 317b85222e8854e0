import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import type { PageProps } from '@/app/page-props'
import { EndSession } from '@/components/settings/end-session'
import { SessionTable } from '@/components/settings/session-table'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readSessions } from '@/lib/data/settings/sessions'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { sessionsHref, signInHref } from '@/lib/routes/href'
import { loadSessionsParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Sessions' }

export default async function SessionsPage({ searchParams }: PageProps) {
  const actor = await visitor()
  if (actor.kind === 'anonymous') redirect(signInHref(sessionsHref()))
  const { who } = loadSessionsParams(await searchParams)
  const page = await attempt(() => readSessions(actor, { everyone: who === 'everyone' }), actor)
  if (!page.ok) return <ProblemNotice problem={page.problem} />
  const { sessions, isAdmin, isCutShort } = page.value
  const isEveryone = isAdmin && who === 'everyone'
  return (
    <>
      <PageHead
        title={isEveryone ? 'Everyone’s sessions' : 'Sessions'}
        about={`Where ${isEveryone ? 'people are' : 'you are'} signed in. A session that you end stops working at once, on every server. “Last seen” is accurate to a minute.`}
      >
        {isAdmin && (
          <Link href={sessionsHref(isEveryone ? undefined : 'everyone')} className={buttonStyles()}>
            {isEveryone ? 'Only your sessions' : 'Everyone’s sessions'}
          </Link>
        )}
        {!isEveryone && sessions.length > 1 && <EndSession others={sessions.length - 1} />}
      </PageHead>
      <SessionTable sessions={sessions} hasUsers={isEveryone} />
      {isCutShort && <p className="mt-2 text-xs text-muted">Showing the 500 most recently used.</p>}
    </>
  )
}
