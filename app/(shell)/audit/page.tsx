import { Lock, ScrollText } from 'lucide-react'
import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { AuditFilter } from '@/components/audit/audit-filter'
import { AuditList } from '@/components/audit/audit-list'
import { VerifiedState } from '@/components/audit/late-parts'
import { QueryShortcuts } from '@/components/registry/query-shortcuts'
import { buttonStyles } from '@/components/ui/button'
import { Empty } from '@/components/ui/empty'
import { ExportMenu } from '@/components/ui/export-menu'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { holdsRight } from '@/lib/access/authorize'
import { auditScopeOf } from '@/lib/data/audit/audit-scope'
import { type AuditPage, readAudit } from '@/lib/data/audit/read-audit'
import { lastVerification } from '@/lib/data/audit/verify-audit'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { auditExportHref, auditHref, auditorHref, protectionHref } from '@/lib/routes/href'
import { loadAuditParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Audit log' }

const SCOPES = {
  all: 'Every change, refusal, sign-in and export. Changes are recorded before they happen, and nobody can edit the log.',
  scoped: 'Your own actions, and what happened in the repositories whose log you may read.',
  own: 'Your own actions: changes, refusals, sign-ins and exports.',
} as const

/** What somebody looks for who doesn't know what to look for. */
const NOT_DONE = [
  { name: 'Refused', q: 'outcome:refused' },
  { name: 'Failed', q: 'outcome:failed' },
  { name: 'Unknown outcome', q: 'outcome:unknown' },
] as const

export default async function AuditScreen({ searchParams }: PageProps) {
  const actor = await visitor()
  const scope = auditScopeOf(actor)
  if (!scope)
    return (
      <Empty icon={ScrollText} title="The audit log is for signed-in users">
        Sign in to see what you did, and what was refused.
      </Empty>
    )
  const { q, below } = loadAuditParams(await searchParams)
  const page = await attempt(() => readAudit(actor, { q, below: below ?? undefined }), actor)
  return (
    <>
      <PageHead title="Audit log" about={SCOPES[scope.kind]}>
        {scope.kind === 'all' && (
          <Link href={auditorHref} className={buttonStyles()}>
            <ScrollText aria-hidden />
            Summary
          </Link>
        )}
        {holdsRight(actor, 'manage', {}) && (
          <Link href={protectionHref} className={buttonStyles()}>
            <Lock aria-hidden />
            Protection rules
          </Link>
        )}
        {page.ok && page.value.mistakes.length === 0 && (
          <ExportMenu
            files={(['csv', 'ndjson'] as const).map((format) => ({ format, href: auditExportHref(format, q) }))}
          />
        )}
      </PageHead>
      {scope.kind === 'all' && <VerifiedState last={lastVerification()} />}
      {page.ok ? (
        <>
          <AuditFilter q={q} mistakes={page.value.mistakes} />
          <div className="mb-3">
            <QueryShortcuts queries={NOT_DONE} typed={q} hrefOf={(query) => auditHref(query)} />
          </div>
          <AuditList rows={page.value.rows} note={page.value.rows.length === 0 ? noteOf(page.value, q) : undefined} />
          <nav aria-label="Pages" className="mt-3 flex items-center justify-end gap-2 text-xs text-muted">
            {page.value.isCutShort && <span className="mr-auto">Searched 20,000 entries; there are older ones.</span>}
            {below && (
              <Link href={auditHref(q)} className={buttonStyles({ size: 'sm' })}>
                Newest
              </Link>
            )}
            {page.value.older && (
              <Link href={auditHref(q, page.value.older)} className={buttonStyles({ size: 'sm' })}>
                Older
              </Link>
            )}
          </nav>
        </>
      ) : (
        <ProblemNotice problem={page.problem} />
      )}
    </>
  )
}

/** Why no row is shown. */
function noteOf({ mistakes, isCutShort }: AuditPage, q: string): string {
  if (mistakes.length > 0) return 'The filter isn’t valid, so nothing is shown.'
  if (isCutShort) return 'Nothing matches the filter in these entries. Older ones may.'
  return q ? 'Nothing in the log matches the filter.' : 'Nothing has been recorded yet.'
}
