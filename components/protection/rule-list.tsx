'use client'

import { Lock, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { ConfirmedButton } from '@/components/ui/confirmed-button'
import { Empty } from '@/components/ui/empty'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { ProtectionRule } from '@/lib/data/protection/protection-rule'
import { useMutation } from '@/lib/query/hooks'
import { removeProtectionMutation } from '@/lib/query/protection'

/** Every protection rule, with what it protects. */
export function RuleList({ rules }: { rules: readonly ProtectionRule[] }) {
  if (rules.length === 0)
    return (
      <Empty icon={Lock} title="No protection rules yet">
        Without a rule, anyone who may overwrite or delete tags can do so to every tag in their repositories.
      </Empty>
    )
  return (
    <ul className="divide-y rounded-xl border bg-surface shadow-xs">
      {rules.map((rule) => (
        <Rule key={rule.id} rule={rule} />
      ))}
    </ul>
  )
}

function Rule({ rule: { id, name, query, createdBy, createdAt } }: { rule: ProtectionRule }) {
  const router = useRouter()
  const remove = useMutation({ ...removeProtectionMutation(), onSuccess: () => router.refresh() })
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 text-sm">
      <Lock aria-hidden className="size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
        <h2 className="font-medium">
          <SafeText text={name} />
        </h2>
        <p>
          <SafeText text={query} className="mono" />
        </p>
        <p className="text-xs text-muted">
          added by {createdBy} <Time iso={createdAt} />
        </p>
      </div>
      <ConfirmedButton
        size="sm"
        aria-label={`Remove rule ${name}`}
        question="People and retention policies may then delete what it protects."
        confirm={`Remove ${name}`}
        pending="Removing…"
        Icon={Trash2}
        onConfirm={() => remove.mutateAsync(id)}
      >
        <Trash2 aria-hidden />
        Remove…
      </ConfirmedButton>
    </li>
  )
}
