'use client'

import { Search, X } from 'lucide-react'
import { useId, useRef } from 'react'
import { Badge } from './badge'
import { Input } from './input'
import { Kbd } from './kbd'
import { useEarlyText } from './use-early-text'
import { useResultKeys } from './use-result-keys'

interface FilterInputProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** The key that focuses it from anywhere on the page. */
  shortcut?: string
  /** Shown in the empty field after the label. */
  example?: string | undefined
  /** What can be typed: a tooltip, and a description for screen readers. */
  hint?: string
  /** How it was read. */
  note?: string
  /** Why it can't be used. */
  error?: string | undefined
  /** Id of the element whose `data-results` it narrows: ↓ leads there, Enter opens the first. */
  results?: string | undefined
  /** What is shown is not what was typed yet. */
  isPending?: boolean
  /** Beside the field, with it: what completes the text. */
  completion?: (input: React.RefObject<HTMLInputElement | null>) => React.ReactNode
}

export function FilterInput({
  label,
  value,
  onChange,
  shortcut,
  example,
  hint,
  note,
  error,
  results,
  isPending = false,
  completion,
}: FilterInputProps) {
  const input = useRef<HTMLInputElement>(null)
  const describedBy = useId()
  const onResultKey = useResultKeys(results, !isPending, input)
  useEarlyText(input, onChange)
  const clear = () => {
    onChange('')
    input.current?.focus()
  }
  return (
    <div className="relative print:hidden">
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
          placeholder={example ? `${label}: ${example}` : label}
          title={hint}
          className={note ? 'pr-20 pl-8' : 'pr-8 pl-8'}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return onResultKey(event)
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
            aria-label="Clear filter"
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
        {completion?.(input)}
      </div>
      <p
        id={describedBy}
        role={error ? 'alert' : undefined}
        className={error ? 'mt-1 text-xs text-pretty text-danger [overflow-wrap:anywhere]' : 'sr-only'}
      >
        {error ?? (note ? `Read as a ${note}` : hint)}
      </p>
    </div>
  )
}
