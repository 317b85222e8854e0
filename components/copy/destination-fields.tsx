'use client'

import { CheckOption } from '@/components/ui/check-option'
import { Digest } from '@/components/ui/digest'
import { Field, Input } from '@/components/ui/input'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { problemFrom } from '@/lib/query/unwrap'
import { manifestHref } from '@/lib/routes/href'
import { PlaceFields } from './place-fields'
import type { useDestination } from './use-destination'

interface DestinationFieldsProps {
  destination: ReturnType<typeof useDestination>
  isSame: boolean
  overwrites: boolean
  confirmed: boolean
  onConfirm: (yes: boolean) => void
}

/** Registry, repository and tag, and what the tag points at there now. */
export function DestinationFields({ destination, isSame, overwrites, confirmed, onConfirm }: DestinationFieldsProps) {
  const { fields, valid, registries, change, state, isLooking, badRepository, badTag, error } = destination
  const hint = isLooking
    ? 'Checking whether this tag exists there…'
    : state && !state.exists
      ? 'This tag doesn’t exist there yet.'
      : ' '
  return (
    <fieldset className="space-y-3">
      <legend className="sr-only">Destination</legend>
      <PlaceFields
        registry={fields.registry}
        repository={fields.repository}
        registries={registries}
        badRepository={badRepository}
        onChange={change}
      />
      <Field
        label="Tag"
        error={badTag ? 'Use up to 128 letters, digits and _ . - (not . or - first)' : undefined}
        hint={hint}
      >
        <Input
          data-initial-focus
          value={fields.tag}
          aria-invalid={badTag}
          placeholder="for example stable"
          onChange={(event) => change({ tag: event.target.value.trim() })}
        />
      </Field>
      {isSame && <Notice title={`${fields.tag} already points at this image there`}>There’s nothing to copy.</Notice>}
      {overwrites && state?.exists && valid && (
        <Notice tone="warn" title={`${fields.tag} points at another image there`}>
          <Digest digest={state.digest} swatch copy={false} href={manifestHref(valid, state.digest)} />
          {state.mayOverwrite ? (
            <div className="mt-2">
              <CheckOption checked={confirmed} onChange={onConfirm} danger>
                Overwrite it: anyone who pulls {fields.tag} there will get the copied image.
              </CheckOption>
            </div>
          ) : (
            <p className="mt-1">You can add tags there, but you can’t move existing ones. Choose another tag.</p>
          )}
        </Notice>
      )}
      {error && <ProblemNotice problem={problemFrom(error)} />}
    </fieldset>
  )
}
