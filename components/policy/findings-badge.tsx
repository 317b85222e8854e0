import { CircleCheck, CircleX } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { plural } from '@/lib/format/bytes'

/** How many rules are broken. */
export function FindingsBadge({ findings }: { findings: number }) {
  return findings > 0 ? (
    <Badge tone="danger">
      <CircleX aria-hidden />
      {plural(findings, 'finding')}
    </Badge>
  ) : (
    <Badge tone="good">
      <CircleCheck aria-hidden />
      Met
    </Badge>
  )
}
