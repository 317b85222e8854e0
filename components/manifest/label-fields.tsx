'use client'

import { CheckOption } from '@/components/ui/check-option'
import { Field, Input } from '@/components/ui/input'

export const BOX = 'w-full rounded-md border border-line-strong/60 bg-surface px-2.5 text-sm text-ink shadow-xs'

/** A label while it is typed. */
export interface LabelText {
  readonly key: string
  readonly value: string
  readonly isJson: boolean
  readonly publish: boolean
}

export const NO_LABEL: LabelText = { key: '', value: '', isJson: false, publish: false }

/** What actions take. */
export function labelOf({ key, value, isJson, publish }: LabelText) {
  const mediaType = isJson ? ('application/json' as const) : ('text/plain' as const)
  return { key, value, mediaType, publish }
}

interface LabelFieldsProps {
  label: LabelText
  onChange: (label: LabelText) => void
}

/** A key, a value and its type, and whether it is published. */
export function LabelFields({ label, onChange }: LabelFieldsProps) {
  const { key, value, isJson, publish } = label
  return (
    <>
      <Field label="Key" hint="Letters, digits and . _ / -">
        <Input
          data-initial-focus
          value={key}
          required
          maxLength={253}
          pattern="[A-Za-z0-9_.\/\-]+"
          onChange={({ target }) => onChange({ ...label, key: target.value })}
        />
      </Field>
      <Field label="Value">
        <textarea
          value={value}
          rows={3}
          maxLength={65_536}
          spellCheck={false}
          onChange={({ target }) => onChange({ ...label, value: target.value })}
          className={`${BOX} py-1.5`}
        />
      </Field>
      <CheckOption
        checked={isJson}
        onChange={(on) => onChange({ ...label, isJson: on })}
        detail="Stored as application/json, else as text/plain"
      >
        The value is JSON
      </CheckOption>
      <CheckOption
        checked={publish}
        onChange={(on) => onChange({ ...label, publish: on })}
        detail="Pushes a small artifact that refers to the image, so that other tools find the label"
      >
        Publish in the registry too
      </CheckOption>
    </>
  )
}
