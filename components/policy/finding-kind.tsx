import { Ban, CircleDashed, CircleX, Hourglass } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { PolicyKind } from '@/lib/routes/policy-page-query'
import { KIND_WORDS } from './policy-matrix'

const MARKS = {
  missing: { icon: CircleDashed, tone: 'text-warn' },
  invalid: { icon: CircleX, tone: 'text-danger' },
  forbidden: { icon: Ban, tone: 'text-danger' },
  'too-old': { icon: Hourglass, tone: 'text-warn' },
} as const satisfies Record<PolicyKind, unknown>

/** How a policy is broken: a shape and a word, as in the label matrix. */
export function FindingKind({ kind }: { kind: PolicyKind }) {
  const { icon: Icon, tone } = MARKS[kind]
  return (
    <span className={cn('inline-flex items-baseline gap-1.5 whitespace-nowrap', tone)}>
      <Icon aria-hidden className="size-3.5 self-center" />
      {KIND_WORDS[kind]}
    </span>
  )
}
