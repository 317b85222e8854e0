'use client'

import { UrlFilter } from '@/components/ui/url-filter'
import { auditHref } from '@/lib/routes/href'

const HINT =
  'For example: repo:team-a/** user:anna outcome:refused date:>2026-11-01. Also registry:, tag:, digest: and action:, with -, or and parentheses.'

/** Filters the log by the query language, in the page's address. */
export function AuditFilter({ q, mistakes }: { q: string; mistakes: readonly string[] }) {
  return (
    <div className="mb-3 max-w-3xl">
      <UrlFilter
        label="Filter, for example repo:team-a/** outcome:refused"
        shown={q}
        hrefOf={(text) => auditHref(text)}
        hint={HINT}
        error={mistakes.length > 0 ? mistakes.join('. ') : undefined}
        results="audit"
      />
    </div>
  )
}
