'use client'

import { Play, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { ConfirmedButton } from '@/components/ui/confirmed-button'
import { showToast } from '@/components/ui/toast'
import { plural } from '@/lib/format/bytes'
import { useMutation } from '@/lib/query/hooks'
import { runRetentionMutation } from '@/lib/query/retention'

interface RunNowProps {
  /** Its id. */
  readonly policy: string
  /** About how many tags it would delete; absent while that isn't known. */
  readonly going: number | undefined
  /** Registries that will probably refuse to delete. */
  readonly refusing: readonly string[]
  /** That is more than the policy may delete at once. */
  readonly isOverLimit: boolean
}

/** Runs a saved policy, after a confirmation. */
export function RunNow({ policy, ...expected }: RunNowProps) {
  const router = useRouter()
  const run = useMutation({
    ...runRetentionMutation(),
    onSuccess: () => {
      showToast({
        tone: 'good',
        title: 'The run has started',
        description: 'It checks the registry before it deletes.',
      })
      router.refresh()
    },
  })
  return (
    <div className="min-w-0 flex-1">
      <ConfirmedButton
        disabled={expected.going === 0}
        question={questionOf(expected)}
        confirm="Run and delete"
        pending="Starting…"
        Icon={Trash2}
        onConfirm={() => run.mutateAsync(policy)}
      >
        <Play aria-hidden />
        Run now…
      </ConfirmedButton>
    </div>
  )
}

function questionOf({ going, refusing, isOverLimit }: Omit<RunNowProps, 'policy'>): string {
  const refusal = refusing.length > 0 ? `${NAMES.format(refusing)} will probably refuse to delete. ` : ''
  if (going === undefined) return `${refusal}Deletes every tag that no rule keeps.`
  return isOverLimit
    ? `Stops without deleting if ${plural(going, 'tag')} ${going === 1 ? 'is' : 'are'} still above the policy’s limit.`
    : `${refusal}Deletes about ${plural(going, 'tag')}. You can undo each repository’s batch.`
}

const NAMES = new Intl.ListFormat('en-GB')
