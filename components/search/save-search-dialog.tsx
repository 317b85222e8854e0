'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormDialog } from '@/components/ui/form-dialog'
import { Field, Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { showToast } from '@/components/ui/toast'
import { useMutation } from '@/lib/query/hooks'
import { saveSearchMutation } from '@/lib/query/searches'
import { problemFrom } from '@/lib/query/unwrap'

interface SaveSearchDialogProps {
  href: string
  suggested: string
  onClose: () => void
}

export function SaveSearchDialog({ href, suggested, onClose }: SaveSearchDialogProps) {
  const router = useRouter()
  const [name, setName] = useState(suggested)
  const save = useMutation({
    ...saveSearchMutation(),
    onSuccess: ({ isFull }) => {
      if (isFull) return
      showToast({ tone: 'good', title: `Saved “${name.trim()}”` })
      onClose()
      router.refresh()
    },
  })
  return (
    <FormDialog
      onClose={onClose}
      title="Save search"
      description="Only you see it. A search of the same name is replaced."
      width={440}
      action="Save search"
      isReady={name.trim() !== ''}
      isPending={save.isPending}
      onSubmit={() => save.mutate({ name, href })}
    >
      <Field label="Name">
        <Input
          data-initial-focus
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
          onFocus={(event) => event.target.select()}
        />
      </Field>
      {save.data?.isFull && (
        <p role="alert" className="text-sm text-danger">
          You have the maximum number of saved searches. Delete one first.
        </p>
      )}
      {save.error && <ProblemNotice problem={problemFrom(save.error)} />}
    </FormDialog>
  )
}
