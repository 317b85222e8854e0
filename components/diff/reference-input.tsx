'use client'

import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { matchNames } from '@/components/shell/match-names'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/input'
import { useDebounced } from '@/components/ui/use-debounced'
import { repositoryNamesQuery, tagSearchQuery } from '@/lib/query/repositories'

const SHOWN = 12

/** A field for `registry/repository:tag` that suggests repositories, and after the colon their tags. */
export function ReferenceInput({
  label,
  value,
  onChange,
  initialFocus = false,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  /** In a dialog: where it begins. */
  initialFocus?: boolean
}) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const suggestions = useSuggestions(useDebounced(value, 120), open)
  const shown = open && suggestions.length > 0
  const choose = (text: string) => {
    onChange(text)
    setActive(-1)
    setOpen(text.endsWith(':'))
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const chosen = suggestions[active]
    if (event.key === 'ArrowDown' && shown) setActive((active + 1) % suggestions.length)
    else if (event.key === 'ArrowUp' && shown) setActive((active + suggestions.length - 1) % suggestions.length)
    else if (event.key === 'Enter' && shown && chosen) choose(chosen)
    else if (event.key === 'Escape' && shown) setOpen(false)
    else return
    event.preventDefault()
  }
  return (
    <div className="relative min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      <Input
        id={id}
        data-initial-focus={initialFocus || undefined}
        role="combobox"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        className="mono"
        placeholder="registry/repository:tag"
        value={value}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          onChange(event.target.value)
          setActive(-1)
          setOpen(true)
        }}
        onKeyDown={onKeyDown}
      />
      <div
        role="listbox"
        id={`${id}-list`}
        aria-label={`Suggestions for ${label.toLowerCase()}`}
        hidden={!shown}
        className="absolute inset-x-0 top-full z-10 mt-1 max-h-80 overflow-y-auto rounded-lg border bg-raised p-1 shadow-(--shadow)"
      >
        {suggestions.map((text, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
          <div
            key={text}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            // Before the field loses its focus, which closes the list.
            onPointerDown={(event) => {
              event.preventDefault()
              choose(text)
            }}
            className={cn(
              'mono cursor-pointer truncate rounded-md px-2 py-1.5 text-sm hover:bg-sunken',
              index === active && 'bg-accent-soft text-accent',
            )}
          >
            {text}
          </div>
        ))}
      </div>
    </div>
  )
}

function useSuggestions(text: string, enabled: boolean): readonly string[] {
  const names = useQuery({ ...repositoryNamesQuery(), enabled }).data?.registries ?? []
  const colon = text.indexOf(':')
  const [registry = '', ...path] = (colon < 0 ? text : text.slice(0, colon)).split('/')
  const repository = path.join('/')
  const isKnown = names.some((list) => list.registry === registry && list.names.some((name) => name === repository))
  const tags = useQuery({
    ...tagSearchQuery(registry, repository, colon < 0 ? '' : text.slice(colon + 1)),
    enabled: enabled && colon >= 0 && isKnown,
  }).data
  if (colon >= 0)
    return isKnown ? (tags?.tags ?? []).slice(0, SHOWN).map((tag) => `${registry}/${repository}:${tag}`) : []
  const term = text.replaceAll('/', ' ')
  const words = names.map((list) => ({
    registry: list.registry,
    names: list.names.map((name) => `${list.registry}/${name}`),
  }))
  return matchNames(words, term, SHOWN).map((match) => `${match.path}:`)
}
