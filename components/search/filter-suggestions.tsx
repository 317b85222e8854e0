'use client'

import { useEffect, useId } from 'react'
import { SuggestionList } from './suggestion-list'
import { useCompletion } from './use-completion'

interface FilterSuggestionsProps {
  text: string
  setText: (text: string) => void
  input: React.RefObject<HTMLInputElement | null>
  /** Terms that are understood before what is typed: where the list is. */
  scope: string
}

/** Completes a query in a field that usually filters names: loaded once something like a qualifier is typed. */
export function FilterSuggestions({ text, setText, input, scope }: FilterSuggestionsProps) {
  const list = useId()
  const completion = useCompletion({ text, setText, input, scope })
  const { suggestions, active, onKeyDown, follow, setIsOpen } = completion
  const isOpen = suggestions.length > 0
  useEffect(() => {
    const field = input.current
    if (!field) return
    // Before the field's own keys: while something is offered, arrows and Enter choose from it.
    const onKey = (event: KeyboardEvent) => {
      if (onKeyDown(event)) event.stopPropagation()
    }
    const open = () => setIsOpen(true)
    const close = () => setIsOpen(false)
    field.addEventListener('keydown', onKey)
    field.addEventListener('input', open)
    field.addEventListener('blur', close)
    field.addEventListener('select', follow)
    return () => {
      field.removeEventListener('keydown', onKey)
      field.removeEventListener('input', open)
      field.removeEventListener('blur', close)
      field.removeEventListener('select', follow)
    }
  })
  useEffect(() => {
    const field = input.current
    field?.setAttribute('role', 'combobox')
    field?.setAttribute('aria-autocomplete', 'list')
    field?.setAttribute('aria-controls', list)
    return () => {
      for (const name of ['role', 'aria-autocomplete', 'aria-controls', 'aria-expanded', 'aria-activedescendant'])
        field?.removeAttribute(name)
    }
  }, [input, list])
  useEffect(() => {
    input.current?.setAttribute('aria-expanded', String(isOpen))
    if (active >= 0) input.current?.setAttribute('aria-activedescendant', `${list}-${active}`)
    else input.current?.removeAttribute('aria-activedescendant')
  }, [input, list, isOpen, active])
  return <SuggestionList id={list} {...completion} />
}
