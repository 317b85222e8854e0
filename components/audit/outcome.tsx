import { Ban, CircleCheck, CircleHelp, CircleX, LoaderCircle } from 'lucide-react'
import type { AuditRow } from '@/lib/data/audit/audit-row'

const OUTCOMES = {
  done: { Icon: CircleCheck, text: 'Done', className: 'text-good' },
  failed: { Icon: CircleX, text: 'Failed', className: 'text-danger' },
  refused: { Icon: Ban, text: 'Refused', className: 'text-danger' },
  unknown: { Icon: CircleHelp, text: 'Unknown', className: 'text-warn' },
  running: { Icon: LoaderCircle, text: 'No outcome yet', className: 'text-muted' },
} as const satisfies Record<AuditRow['outcome'], unknown>

/** How an action ended: by shape, word and color. */
export function Outcome({ outcome }: { outcome: AuditRow['outcome'] }) {
  const { Icon, text, className } = OUTCOMES[outcome]
  return (
    <span className="inline-flex items-baseline gap-1.5 font-medium">
      <Icon aria-hidden className={`size-4 shrink-0 self-center ${className}`} />
      {text}
    </span>
  )
}
