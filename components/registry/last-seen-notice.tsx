import { Notice } from '@/components/ui/notice'
import { Time } from '@/components/ui/time'
import type { LastSeen } from '@/lib/data/registries/last-seen'
import { RetryButton } from './retry-button'

interface LastSeenNoticeProps {
  registry: string
  /** Absent: the registry's repositories. */
  repository?: string | undefined
  lastSeen: LastSeen
  /** Whether the visitor may change something here. */
  mayChange?: boolean
}

/** Says that the registry can't be asked, and how old what is shown is. */
export function LastSeenNotice({ registry, repository, lastSeen, mayChange = false }: LastSeenNoticeProps) {
  const { at, problem } = lastSeen
  return (
    <Notice
      tone="warn"
      className="mb-3"
      title={
        <>
          {problem.title}. Shown as last seen <Time iso={at} />.
        </>
      }
    >
      {problem.detail} {problem.advice}
      {mayChange && ' Changes need the registry itself, so they’re refused until it answers.'}
      <div>
        <RetryButton registry={registry} repository={repository} />
      </div>
    </Notice>
  )
}
