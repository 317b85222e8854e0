'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormDialog } from '@/components/ui/form-dialog'
import { Field } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { showToast } from '@/components/ui/toast'
import { useMutation } from '@/lib/query/hooks'
import { createLabelMutation } from '@/lib/query/labels'
import { problemFrom } from '@/lib/query/unwrap'
import type { AddLabelProps } from './add-label-props'
import { BOX, LabelFields, labelOf, NO_LABEL } from './label-fields'

/** Takes a key, a value and its type, and where there are platforms, which image the label is about. */
export function AddLabelDialog({
  place: { registry, repository },
  targets,
  onClose,
}: AddLabelProps & { onClose: () => void }) {
  const router = useRouter()
  const [label, setLabel] = useState(NO_LABEL)
  const [digest, setDigest] = useState(targets[0]?.digest ?? '')
  const add = useMutation({
    ...createLabelMutation(),
    onSuccess: (added) => {
      if (!added) return
      showToast({
        tone: 'good',
        title: `Label ${added.key} added`,
        description: `${repository} in ${registry}`,
      })
      onClose()
      router.refresh()
    },
  })
  return (
    <FormDialog
      onClose={onClose}
      title="Add a label"
      description="It’s stored beside the image, whose content and digest don’t change."
      width={480}
      action="Add label"
      pending="Adding…"
      isReady={label.key.trim() !== ''}
      isPending={add.isPending}
      onSubmit={() => add.mutate({ registry, repository, digest, ...labelOf(label) })}
    >
      {targets.length > 1 && (
        <Field label="Image">
          <select value={digest} onChange={(event) => setDigest(event.target.value)} className={`${BOX} h-8`}>
            {targets.map((target) => (
              <option key={target.digest} value={target.digest}>
                {target.name}
              </option>
            ))}
          </select>
        </Field>
      )}
      <LabelFields label={label} onChange={setLabel} />
      {add.data === null && (
        <p role="alert" className="text-sm text-danger">
          This image has the maximum number of added labels. Delete one first.
        </p>
      )}
      {add.error && <ProblemNotice role="alert" problem={problemFrom(add.error)} />}
    </FormDialog>
  )
}
