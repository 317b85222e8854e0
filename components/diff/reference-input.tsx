'use client'

import { Autocomplete } from '@base-ui/react/autocomplete'
import { useId, useRef, useState } from 'react'
import { Input } from '@/components/ui/input'
import { Suggestions } from '@/components/ui/suggestions'
import { useEarlyText } from '@/components/ui/use-early-text'
import type { Place } from '@/lib/oci/place'
import { useReferenceSuggestions } from './use-reference-suggestions'

interface ReferenceInputProps {
  label: string
  /** In a form that is sent without scripts. */
  name?: string
  value: string
  onChange: (value: string) => void
  /** Its tags are suggested first, and may be typed alone. */
  near?: Place | undefined
  /** In a dialog: where it begins. */
  initialFocus?: boolean
}

/** A field for `registry/repository:tag` that suggests repositories, and after the colon their tags. */
export function ReferenceInput({ label, name, value, onChange, near, initialFocus = false }: ReferenceInputProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEarlyText(input, onChange)
  const suggestions = useReferenceSuggestions(value, near, open)
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      <Autocomplete.Root
        items={suggestions}
        mode="none"
        openOnInputClick
        value={value}
        onValueChange={onChange}
        open={open && suggestions.length > 0}
        onOpenChange={(isOpen, { reason }) => {
          // After a repository its tags follow.
          if (reason !== 'item-press') setOpen(isOpen)
        }}
      >
        <Autocomplete.Input
          ref={input}
          id={id}
          name={name}
          render={<Input className="mono" data-initial-focus={initialFocus || undefined} />}
          placeholder={near ? 'tag or registry/repository:tag' : 'registry/repository:tag'}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
        />
        <Suggestions
          label={`Suggestions for ${label.toLowerCase()}`}
          className="mono"
          onChoose={(text) => setOpen(text.endsWith(':'))}
        />
      </Autocomplete.Root>
    </div>
  )
}
