'use client'

import { useState } from 'react'
import { useDebounced } from '@/components/ui/use-debounced'
import { useQuery } from '@/lib/query/hooks'
import { suggestionsQuery } from '@/lib/query/searches'

const SETTLE = 200

interface Completion {
  readonly text: string
  readonly setText: (text: string) => void
  readonly input: React.RefObject<HTMLInputElement | null>
  /** Terms that are understood before the text. */
  readonly scope?: string
}

/** What the field offers while a query is typed, and the keys that choose from it. */
export function useCompletion({ text, setText, input, scope = '' }: Completion) {
  const [isOpen, setIsOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [cursor, setCursor] = useState(text.length)
  const asked = useDebounced(`${cursor} ${text}`, SETTLE)
  const space = asked.indexOf(' ')
  const [askedCursor, askedText] = [Number(asked.slice(0, space)), asked.slice(space + 1)]
  const { data } = useQuery({ ...suggestionsQuery(scope + askedText, scope.length + askedCursor), enabled: isOpen })
  // Suggestions for another text would replace the wrong part of this one.
  const isCurrent = askedText === text && askedCursor === cursor
  const suggestions = isOpen && isCurrent ? (data?.suggestions ?? []) : []
  const hint = isOpen && isCurrent ? data?.hint : undefined

  const follow = () => {
    setCursor(input.current?.selectionStart ?? text.length)
    setActive(-1)
  }
  const choose = (index: number) => {
    const chosen = suggestions[index]
    if (!chosen || !data) return
    const [start, end] = [data.replaces.start - scope.length, data.replaces.end - scope.length]
    // A qualifier continues with its value; anything else is complete.
    const added = chosen.text.endsWith(':') ? chosen.text : `${chosen.text} `
    const next = text.slice(0, start) + added + text.slice(end).trimStart()
    setText(next)
    setActive(-1)
    const at = start + added.length
    setCursor(at)
    requestAnimationFrame(() => {
      input.current?.focus()
      input.current?.setSelectionRange(at, at)
    })
  }
  /** @returns whether the key was for the list */
  const onKeyDown = (event: Pick<KeyboardEvent, 'key' | 'preventDefault'>): boolean => {
    if (event.key === 'Escape' && isOpen) {
      event.preventDefault()
      setIsOpen(false)
      return true
    }
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && suggestions.length > 0) {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((active + step + suggestions.length + (active < 0 && step < 0 ? 1 : 0)) % suggestions.length)
      return true
    }
    if ((event.key === 'Enter' || event.key === 'Tab') && active >= 0 && active < suggestions.length) {
      event.preventDefault()
      choose(active)
      return true
    }
    return false
  }
  return { suggestions, hint, active, choose, onKeyDown, follow, setIsOpen }
}
