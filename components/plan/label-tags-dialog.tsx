'use client'

import { useState } from 'react'
import { LabelFields, labelOf, NO_LABEL } from '@/components/manifest/label-fields'
import { plural } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { planLabelMutation } from '@/lib/query/plans'
import { PlanDialog } from './plan-dialog'

type LabelInput = Parameters<NonNullable<ReturnType<typeof planLabelMutation>['mutationFn']>>[0]

interface LabelTagsDialogProps extends Pick<LabelInput, 'select'> {
  place: Place
  count: number
  onClose: () => void
}

/** Asks for the label of many images. */
export function LabelTagsDialog({ place: { registry, repository }, select, count, onClose }: LabelTagsDialogProps) {
  const [label, setLabel] = useState(NO_LABEL)
  return (
    <PlanDialog
      onClose={onClose}
      title={`Add a label to ${plural(count, 'tag')}`}
      description="It’s stored beside the images, whose content and digests don’t change."
      width={480}
      mutation={planLabelMutation()}
      input={{ registry, repository, select, ...labelOf(label) }}
      isReady={label.key.trim() !== ''}
      preview="The next page shows every image that would get the label."
    >
      <LabelFields label={label} onChange={setLabel} />
    </PlanDialog>
  )
}
