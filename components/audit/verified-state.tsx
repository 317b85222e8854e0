'use client'

import { ShieldAlert, ShieldCheck, ShieldQuestionMark } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { VerifiedAudit } from '@/lib/data/audit/verify-audit'
import { formatCount } from '@/lib/format/bytes'
import { verifyAuditMutation } from '@/lib/query/audit'
import { useMutation } from '@/lib/query/hooks'
import { problemFrom } from '@/lib/query/unwrap'

/** What the last check of the chain found, and a button for another. @param last undefined before the first */
export function VerifiedState({ last }: { last: VerifiedAudit | undefined }) {
  const verify = useMutation(verifyAuditMutation())
  const found = verify.data ?? last
  return (
    <div className="mb-4 rounded-xl border bg-surface px-4 py-3 text-sm shadow-xs">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Found found={found} />
        <Button onClick={() => verify.mutate(undefined)} disabled={verify.isPending}>
          {verify.isPending ? 'Verifying…' : 'Verify now'}
        </Button>
      </div>
      {verify.error && <ProblemNotice problem={problemFrom(verify.error)} role="alert" className="mt-2" />}
    </div>
  )
}

function Found({ found }: { found: VerifiedAudit | undefined }) {
  if (!found)
    return (
      <State Icon={ShieldQuestionMark} className="text-muted" title="Not verified since Lading started">
        Verifying recomputes every row’s hash. On the server, npm run audit:verify does the same.
      </State>
    )
  if (found.state === 'broken')
    return (
      <State Icon={ShieldAlert} className="text-danger" title={`The chain is broken at row ${formatCount(found.row)}`}>
        {found.reason}. Rows before it are as they were written; compare the rest with an export or a backup.
      </State>
    )
  return (
    <>
      <State Icon={ShieldCheck} className="text-good" title={`Verified up to row ${formatCount(found.rows)}`}>
        No row was changed or removed. Checked <Time iso={found.at} />.
      </State>
      {found.head && (
        <span className="flex items-center gap-1 text-xs text-muted">
          head <span className="mono">{found.head.slice(0, 8)}</span>
          <CopyButton text={found.head} label="Copy the head’s hash" />
        </span>
      )}
    </>
  )
}

interface StateProps {
  Icon: typeof ShieldCheck
  className: string
  title: string
  children: React.ReactNode
}

function State({ Icon, className, title, children }: StateProps) {
  return (
    <div role="status" className="flex min-w-0 flex-1 basis-80 gap-3">
      <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${className}`} />
      <div>
        <p className="font-medium">{title}</p>
        <p className="text-muted">{children}</p>
      </div>
    </div>
  )
}
