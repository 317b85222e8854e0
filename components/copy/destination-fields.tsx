'use client'

import { CheckOption } from '@/components/ui/check-option'
import { Digest } from '@/components/ui/digest'
import { Field, Input } from '@/components/ui/input'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { problemFrom } from '@/lib/query/unwrap'
import { manifestHref } from '@/lib/routes/href'
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
  const { fields, registries, change, state, isLooking, badRepository, badTag, error } = destination
  const hint = isLooking
    ? 'Checking whether this tag exists there…'
    : state && !state.exists
      ? 'This tag doesn’t exist there yet.'
      : ' '
  return (
    <fieldset className="space-y-3">
      <legend className="sr-only">Destination</legend>
      <div className="grid gap-3 sm:grid-cols-[10rem_1fr]">
        <Field label="To registry">
          <select
            value={fields.registry}
            onChange={(event) => change({ registry: event.target.value })}
            className="h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2 text-sm text-ink shadow-xs hover:border-line-strong"
          >
            {registries.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field
          label="Repository"
          error={
            badRepository ? 'Use lowercase letters, digits and . _ - between slashes, for example team/app' : undefined
          }
        >
          <Input
            value={fields.repository}
            aria-invalid={badRepository}
            onChange={(event) => change({ repository: event.target.value.trim() })}
          />
        </Field>
      </div>
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
      {isSame && <Notice title={`${fields.tag} already is this image there`}>There’s nothing to copy.</Notice>}
      {overwrites && state?.exists && (
        <Notice tone="warn" title={`${fields.tag} is another image there`}>
          <Digest
            digest={state.digest}
            swatch
            copy={false}
            href={manifestHref(fields.registry, fields.repository, state.digest)}
          />
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
