'use client'

import { Search, X } from 'lucide-react'
import { useId, useRef } from 'react'
import { Input } from '@/components/ui/input'
import { useEarlyText } from '@/components/ui/use-early-text'
import { useUrlFilter } from '@/components/ui/use-url-filter'
import { hiddenFields, type QueryPlace, queryHref } from './query-place'
import { SuggestionList } from './suggestion-list'
import { useCompletion } from './use-completion'

interface SearchFieldProps {
  place: QueryPlace
  hasMistakes: boolean
}

const HINT = 'For example: repo:team-a/** -label:org.opencontainers.image.licenses age:>90d'

/** Where a query is typed. The page follows when typing pauses; without JavaScript, when the form is sent. */
export function SearchField({ place, hasMistakes }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const hint = useId()
  const list = useId()
  const { text, setText, isPending } = useUrlFilter(place.state.q, (q) => queryHref(place, q))
  useEarlyText(input, setText)
  const completion = useCompletion({ text, setText, input })
  return (
    <search className="relative">
      <form action="" method="get" onSubmit={(event) => event.preventDefault()} aria-busy={isPending}>
        <Search aria-hidden className="pointer-events-none absolute top-3 left-3 size-4 text-faint" />
        <Input
          ref={input}
          name="q"
          type="text"
          inputMode="search"
          aria-label="Query"
          aria-keyshortcuts="/"
          aria-invalid={hasMistakes || undefined}
          aria-describedby={hasMistakes ? `${hint} query-mistakes` : hint}
          autoCapitalize="none"
          placeholder={HINT}
          maxLength={1_000}
          value={text}
          role="combobox"
          aria-autocomplete="list"
          aria-controls={list}
          aria-expanded={completion.suggestions.length > 0}
          aria-activedescendant={completion.active >= 0 ? `${list}-${completion.active}` : undefined}
          onChange={(event) => {
            setText(event.target.value)
            completion.setIsOpen(true)
          }}
          onSelect={completion.follow}
          onClick={() => completion.setIsOpen(true)}
          onBlur={() => completion.setIsOpen(false)}
          onKeyDown={completion.onKeyDown}
          className="mono h-10 pr-9 pl-9"
        />
        {text !== '' && (
          <button
            type="button"
            aria-label="Clear query"
            onClick={() => {
              setText('')
              input.current?.focus()
            }}
            className="absolute top-2 right-2 grid size-6 place-items-center rounded text-faint hover:text-ink"
          >
            <X aria-hidden className="size-4" />
          </button>
        )}
        {hiddenFields(place).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <SuggestionList id={list} {...completion} />
      </form>
      <p id={hint} className="sr-only">
        {HINT}
      </p>
    </search>
  )
}
