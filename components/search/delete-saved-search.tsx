'use client'

import { X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { showToast } from '@/components/ui/toast'
import { useMutation } from '@/lib/query/hooks'
import { deleteSavedSearchMutation } from '@/lib/query/searches'
import { problemFrom } from '@/lib/query/unwrap'

export function DeleteSavedSearch({ id, name }: { id: string; name: string }) {
  const router = useRouter()
  const remove = useMutation({
    ...deleteSavedSearchMutation(),
    onSuccess: () => router.refresh(),
    onError: (error) => {
      const { title, detail } = problemFrom(error)
      showToast({ tone: 'danger', title, description: detail })
    },
  })
  return (
    <button
      type="button"
      aria-label={`Delete the saved search ${name}`}
      disabled={remove.isPending}
      onClick={() => remove.mutate({ id })}
      className="grid size-6 shrink-0 place-items-center rounded text-faint hover:text-danger"
    >
      <X aria-hidden className="size-3" />
    </button>
  )
}
