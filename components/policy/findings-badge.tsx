import { CircleCheck, CircleX, Contrast, Minus } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { ImageExplanation } from '@/lib/data/policy/explain-image'
import { plural } from '@/lib/format/bytes'

interface FindingsBadgeProps extends Pick<ImageExplanation, 'applies' | 'findings' | 'unchecked'> {
  /** What is said where it doesn't apply. */
  none?: string
}

/** How many rules are broken, of one policy or of all that apply. */
export function FindingsBadge({ applies, findings, unchecked, none = 'Doesn’t apply' }: FindingsBadgeProps) {
  const isPart = unchecked > 0
  if (applies !== 'yes')
    return (
      <Badge>
        <Minus aria-hidden />
        {applies === 'no' && !isPart ? none : 'May apply'}
      </Badge>
    )
  if (findings > 0)
    return (
      <Badge tone="danger">
        <CircleX aria-hidden />
        {isPart && 'At least '}
        {plural(findings, 'finding')}
      </Badge>
    )
  return isPart ? (
    <Badge tone="warn">
      <Contrast aria-hidden />
      Partly checked
    </Badge>
  ) : (
    <Badge tone="good">
      <CircleCheck aria-hidden />
      Met
    </Badge>
  )
}
