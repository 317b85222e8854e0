'use client'

import { ProblemNotice } from '@/components/ui/problem-notice'
import { useQuery } from '@/lib/query/hooks'
import { statementsQuery } from '@/lib/query/referrers'
import { problemFrom } from '@/lib/query/unwrap'
import type { SbomSource } from './sbom-source'
import { Statement } from './statement'

/** The signatures and statements of a manifest, read in full. */
export function StatementList({ source }: { source: SbomSource }) {
  const { data, error, isPending } = useQuery(statementsQuery(source, source.digest))
  if (isPending)
    return (
      <p role="status" className="text-sm text-muted">
        Loading…
      </p>
    )
  if (error) return <ProblemNotice problem={problemFrom(error)} />
  if (data.length === 0)
    return <p className="text-sm text-muted">It holds no signature or in-toto statement that Lading can read.</p>
  return (
    <ul className="space-y-3">
      {data.map((statement, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two signatures may share a payload, and the list never changes
        <li key={position}>
          <Statement statement={statement} />
        </li>
      ))}
    </ul>
  )
}
