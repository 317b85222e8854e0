import { CircleCheck, CircleX, Minus } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { ImageExplanation } from '@/lib/data/policy/explain-image'
import { plural } from '@/lib/format/bytes'

interface FindingsBadgeProps extends Pick<ImageExplanation, 'applies' | 'findings'> {
  /** What is said where it doesn't apply. */
  none?: string
}

/** How many rules are broken, of one policy or of all that apply. */
export function FindingsBadge({ applies, findings, none = 'Doesn’t apply' }: FindingsBadgeProps) {
  if (applies !== 'yes')
    return (
      <Badge>
        <Minus aria-hidden />
        {applies === 'no' ? none : 'May apply'}
      </Badge>
    )
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
