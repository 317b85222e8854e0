'use client'

import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { ChangeButton } from '@/components/ui/refusal'
import type { Place } from '@/lib/oci/place'
import { useMutation } from '@/lib/query/hooks'
import { planDeletionMutation } from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { planHref } from '@/lib/routes/href'

/** Plans the deletion of everything in a repository; the plan shows it before anything is deleted. */
export function DeleteRepository({ place: { registry, repository } }: { place: Place }) {
  const router = useRouter()
  const plan = useMutation({ ...planDeletionMutation(), onSuccess: (id) => router.push(planHref(id)) })
  return (
    <div className="mt-3 space-y-2">
      <ChangeButton
        variant="danger-outline"
        disabled={plan.isPending || plan.isSuccess}
        onClick={() => plan.mutate({ registry, repository, select: { matching: '', except: [] } })}
      >
        <Trash2 aria-hidden />
        {plan.isPending ? 'Checking…' : 'Delete repository…'}
      </ChangeButton>
      {plan.error && <ProblemNotice problem={problemFrom(plan.error)} role="alert" />}
    </div>
  )
}
