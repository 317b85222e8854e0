import { RetryButton } from '@/components/registry/retry-button'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import type { Place } from '@/lib/oci/place'
import type { Problem } from '@/lib/problem/problem'

export interface SideInput {
  readonly label: 'Before' | 'After'
  /** As in the address. */
  readonly text: string
  /** Whether it's a valid reference. */
  readonly isValid: boolean
  /** Why what it names can't be read. */
  readonly problem?: Problem
  /** Of the repository that it names. */
  readonly place?: Place
}

/** What's wrong with each side. */
export function SideProblems({ sides }: { sides: readonly SideInput[] }) {
  const failed = sides.find(({ place }) => place)?.place
  return (
    <div className="space-y-3">
      {sides.map(({ label, text, isValid, problem }) => {
        if (text !== '' && !isValid)
          return (
            <Notice key={label} tone="danger" title={`${label}: not a valid reference`}>
              Expected registry/repository:tag or registry/repository@sha256:…, but got <SafeText text={text} />
            </Notice>
          )
        if (!problem) return null
        const { title, detail } = problem
        return (
          <ProblemNotice
            key={label}
            problem={{ ...problem, title: `${label}: ${title}`, detail: `${text}: ${detail}` }}
          />
        )
      })}
      {failed && <RetryButton {...failed} />}
    </div>
  )
}
