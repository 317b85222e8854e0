'use client'

import { Search, X } from 'lucide-react'
import { useRef } from 'react'
import { Input } from './input'
import { Kbd } from './kbd'
import { useShortcut } from './use-shortcut'

interface FilterInputProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** The key that focuses it. */
  shortcut: string
}

export function FilterInput({ label, value, onChange, shortcut }: FilterInputProps) {
  const input = useRef<HTMLInputElement>(null)
  useShortcut(shortcut, () => {
    input.current?.focus()
    input.current?.select()
  })
  const clear = () => {
    onChange('')
    input.current?.focus()
  }
  return (
    <div className="relative">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" />
      <Input
        ref={input}
        type="text"
        inputMode="search"
        aria-label={label}
        placeholder={label}
        className="pr-8 pl-8"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          if (value) clear()
          else input.current?.blur()
        }}
      />
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
        <span aria-hidden className="pointer-events-none absolute top-1.5 right-2 max-lg:hidden">
          <Kbd>{shortcut}</Kbd>
        </span>
      )}
    </div>
  )
}
