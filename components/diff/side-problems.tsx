import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import type { Problem } from '@/lib/problem/problem'

export interface SideInput {
  readonly label: 'Before' | 'After'
  /** As it stands in the address. */
  readonly text: string
  /** Whether it reads as a reference. */
  readonly isValid: boolean
  /** Why what it names cannot be read. */
  readonly problem?: Problem
}

/** What is wrong with which side. */
export function SideProblems({ sides }: { sides: readonly SideInput[] }) {
  return (
    <div className="space-y-3">
      {sides.map(({ label, text, isValid, problem }) => {
        if (text !== '' && !isValid)
          return (
            <Notice key={label} tone="danger" title={`${label}: that is not a reference`}>
              Expected registry/repository:tag or registry/repository@sha256:…, and found <SafeText text={text} />
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
    </div>
  )
}
