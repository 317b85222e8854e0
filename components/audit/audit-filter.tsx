'use client'

import { FilterInput } from '@/components/ui/filter-input'
import { useUrlFilter } from '@/components/ui/use-url-filter'
import { auditHref } from '@/lib/routes/href'

const HINT =
  'For example: repo:team-a/** user:anna outcome:refused date:>2026-11-01. Also registry:, tag:, digest: and action:, with -, or and parentheses.'

/** Filters the log by the query language, in the page's address. */
export function AuditFilter({ q, mistakes }: { q: string; mistakes: readonly string[] }) {
  const { text, setText, isPending } = useUrlFilter(q, (typed) => auditHref(typed))
  return (
    <div className="mb-3 max-w-3xl">
      <FilterInput
        label="Filter, for example repo:team-a/** outcome:refused"
        value={text}
        onChange={setText}
        shortcut="/"
        hint={HINT}
        error={text === q && mistakes.length > 0 ? mistakes.join('. ') : undefined}
        results="audit"
        isPending={isPending}
      />
    </div>
  )
}
