'use client'

import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { ConfirmedButton } from '@/components/ui/confirmed-button'
import { showToast } from '@/components/ui/toast'
import { useMutation } from '@/lib/query/hooks'
import { removeRetentionMutation } from '@/lib/query/retention'
import { retentionHref } from '@/lib/routes/href'

/** Removes a saved policy, after a confirmation: nothing brings its rules back. */
export function RemovePolicy({ id, name }: { id: string; name: string }) {
  const router = useRouter()
  const remove = useMutation({
    ...removeRetentionMutation(),
    onSuccess: () => {
      showToast({ tone: 'good', title: `Policy ${name} removed` })
      router.push(retentionHref())
      router.refresh()
    },
  })
  return (
    <ConfirmedButton
      variant="danger-outline"
      question={`Removes ${name} for good. What its runs deleted stays in the trash.`}
      confirm="Remove policy"
      pending="Removing…"
      Icon={Trash2}
      onConfirm={() => remove.mutateAsync(id)}
    >
      <Trash2 aria-hidden />
      Remove policy…
    </ConfirmedButton>
  )
}
