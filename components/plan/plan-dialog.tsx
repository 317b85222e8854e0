'use client'

import type { UseMutationOptions } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import type { ComponentProps } from 'react'
import { FormDialog } from '@/components/ui/form-dialog'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useMutation } from '@/lib/query/hooks'
import { problemFrom } from '@/lib/query/unwrap'
import { planHref } from '@/lib/routes/href'

interface PlanDialogProps<Input>
  extends Pick<ComponentProps<typeof FormDialog>, 'onClose' | 'title' | 'description' | 'width' | 'isReady'> {
  /** Makes the plan. @returns its id */
  mutation: UseMutationOptions<string, Error, Input>
  input: Input
  /** What the plan’s page will show. */
  preview: string
  children: React.ReactNode
}

/** Asks how many tags are to be changed; a plan shows what that would do before anything is changed. */
export function PlanDialog<Input>({ mutation, input, preview, children, ...dialog }: PlanDialogProps<Input>) {
  const router = useRouter()
  const plan = useMutation({ ...mutation, onSuccess: (id) => router.push(planHref(id)) })
  return (
    <FormDialog
      {...dialog}
      action="Preview"
      pending="Checking…"
      // Also until the plan's page is there.
      isPending={plan.isPending || plan.isSuccess}
      onSubmit={() => plan.mutate(input)}
    >
      {children}
      <p className="text-sm text-muted">{preview} Nothing is changed yet.</p>
      {plan.error && <ProblemNotice problem={problemFrom(plan.error)} role="alert" />}
    </FormDialog>
  )
}
