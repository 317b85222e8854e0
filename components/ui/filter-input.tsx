'use client'

import { Search, X } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import { Badge } from './badge'
import { Input } from './input'
import { Kbd } from './kbd'

interface FilterInputProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** The key that leads to it from anywhere on the page. */
  shortcut?: string
  /** What can be written, shown where the pointer rests and read to those who do not see it. */
  hint?: string
  /** How it was understood. */
  note?: string
  /** Why it cannot be used. */
  error?: string
}

export function FilterInput({ label, value, onChange, shortcut, hint, note, error }: FilterInputProps) {
  const input = useRef<HTMLInputElement>(null)
  const describedBy = useId()
  const change = useRef(onChange)
  change.current = onChange
  // What was typed before this code had come: the field holds it, and nobody was told.
  useEffect(() => {
    if (input.current && input.current.value !== input.current.defaultValue) change.current(input.current.value)
  }, [])
  const clear = () => {
    onChange('')
    input.current?.focus()
  }
  return (
    <div className="relative">
      <div className="relative">
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" />
        <Input
          ref={input}
          type="text"
          inputMode="search"
          aria-label={label}
          aria-keyshortcuts={shortcut}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={describedBy}
          autoCapitalize="none"
          placeholder={label}
          title={hint}
          className={note ? 'pr-20 pl-8' : 'pr-8 pl-8'}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            if (value) clear()
            else input.current?.blur()
          }}
        />
        {note && (
          <span aria-hidden className="pointer-events-none absolute inset-y-0 right-8 flex items-center">
            <Badge tone={error ? 'danger' : 'accent'}>{note}</Badge>
          </span>
        )}
        {value ? (
          <button
            type="button"
            aria-label="Clear the filter"
            onClick={clear}
            className="absolute top-1 right-1 grid size-6 place-items-center rounded text-faint hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        ) : (
          shortcut && (
            <span
              aria-hidden
              className="pointer-events-none absolute inset-y-0 right-2 flex items-center max-lg:hidden"
            >
              <Kbd>{shortcut}</Kbd>
            </span>
          )
        )}
      </div>
      <p id={describedBy} role={error ? 'alert' : undefined} className={error ? 'mt-1 text-xs text-danger' : 'sr-only'}>
        {error ?? (note ? `Understood as a ${note}` : hint)}
      </p>
    </div>
  )
}
