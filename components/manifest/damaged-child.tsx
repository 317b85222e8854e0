import { ProblemNotice } from '@/components/ui/problem-notice'
import type { DescriptorView } from '@/lib/data/manifest/manifest-view'
import { isDamage, missingPart } from '@/lib/problem/damage-problem'
import type { Problem } from '@/lib/problem/problem'

interface DamagedChildProps {
  descriptor: DescriptorView
  problem: Problem
  /** Checks the whole image. */
  check: React.ReactNode
}

/** An index's entry that can't be read: what is missing, what that means, and what to do. */
export function DamagedChild({ descriptor, problem, check }: DamagedChildProps) {
  const part = `manifest for ${descriptor.platform ?? 'this entry'}`
  return (
    <div className="space-y-3">
      <ProblemNotice problem={missingPart(problem, part, descriptor.digest)} />
      {isDamage(problem) && check}
    </div>
  )
}
