'use client'

import { Autocomplete } from '@base-ui/react/autocomplete'
import { useId, useState } from 'react'
import { Input } from '@/components/ui/input'
import { type Near, useReferenceSuggestions } from './use-reference-suggestions'

interface ReferenceInputProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** Its tags are suggested first, and may be typed alone. */
  near?: Near | undefined
  /** In a dialog: where it begins. */
  initialFocus?: boolean
}

/** A field for `registry/repository:tag` that suggests repositories, and after the colon their tags. */
export function ReferenceInput({ label, value, onChange, near, initialFocus = false }: ReferenceInputProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
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
          id={id}
          render={<Input className="mono" data-initial-focus={initialFocus || undefined} />}
          placeholder={near ? 'tag or registry/repository:tag' : 'registry/repository:tag'}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
        />
        <Autocomplete.Portal>
          <Autocomplete.Positioner sideOffset={4} className="z-60 outline-none">
            <Autocomplete.Popup className="w-(--anchor-width) max-w-(--available-width) rounded-lg border bg-raised text-ink shadow-(--shadow)">
              <Autocomplete.List
                aria-label={`Suggestions for ${label.toLowerCase()}`}
                className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1"
              >
                {(text: string) => (
                  <Autocomplete.Item
                    key={text}
                    value={text}
                    onClick={() => setOpen(text.endsWith(':'))}
                    className="mono cursor-pointer truncate rounded-md px-2 py-1.5 text-sm outline-none data-highlighted:bg-accent-soft data-highlighted:text-accent"
                  >
                    {text}
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </div>
  )
}
