import { Download, Lock, ScrollText } from 'lucide-react'
import type { Metadata } from 'next'
import { AuditFilter } from '@/components/audit/audit-filter'
import { AuditList } from '@/components/audit/audit-list'
import { VerifiedState } from '@/components/audit/verified-state'
import { buttonStyles } from '@/components/ui/button'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { allows } from '@/lib/access/authorize'
import { auditScopeOf } from '@/lib/data/audit/audit-scope'
import { readAudit } from '@/lib/data/audit/read-audit'
import { lastVerification } from '@/lib/data/audit/verify-audit'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { loadAuditParams } from '@/lib/routes/audit-page'
import { auditExportHref, auditHref, protectionHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Audit log' }

const SCOPES = {
  all: 'Every change and every refusal, recorded before it happens. Nobody can edit it.',
  scoped: 'Your own changes and those in repositories that you operate, recorded before they happen.',
  own: 'Your own changes and refusals, recorded before they happen.',
} as const

export default async function AuditPage({ searchParams }: PageProps<'/audit'>) {
  const actor = await visitor()
  const scope = auditScopeOf(actor)
  if (!scope)
    return (
      <Empty icon={ScrollText} title="The audit log is for signed-in users">
        Sign in to see what you changed, and what was refused.
      </Empty>
    )
  const { q, below } = loadAuditParams(await searchParams)
  const page = await attempt(() => readAudit(actor, { q, below: below ?? undefined }))
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="text-xl font-semibold tracking-tight">Audit log</h1>
          <p className="text-sm text-muted">{SCOPES[scope.kind]}</p>
        </div>
        {allows({ ...actor, readOnly: false }, 'manage', {}) && (
          <Link href={protectionHref} className={buttonStyles()}>
            <Lock aria-hidden />
            Protection rules
          </Link>
        )}
        {(['csv', 'ndjson'] as const).map((format) => (
          <a key={format} href={auditExportHref(format, q)} download className={buttonStyles()}>
            <Download aria-hidden />
            Export {format === 'csv' ? 'CSV' : 'NDJSON'}
          </a>
        ))}
      </div>
      {scope.kind === 'all' && <VerifiedState last={lastVerification()} />}
      {page.ok ? (
        <>
          <AuditFilter q={q} mistakes={page.value.mistakes} />
          <AuditList
            rows={page.value.rows}
            note={
              page.value.rows.length === 0
                ? page.value.mistakes.length > 0
                  ? 'The filter isn’t valid, so nothing is shown.'
                  : q
                    ? 'No change on this page matches the filter.'
                    : 'Nothing has been changed or refused yet.'
                : undefined
            }
          />
          <nav aria-label="Pages" className="mt-3 flex items-center justify-end gap-2 text-xs text-muted">
            {page.value.isCutShort && <span className="mr-auto">Searched 20,000 changes; there are older ones.</span>}
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
