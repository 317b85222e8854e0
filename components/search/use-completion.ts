'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useDebounced } from '@/components/ui/use-debounced'
import { suggestionsQuery } from '@/lib/query/searches'

const SETTLE = 200

interface Completion {
  readonly text: string
  readonly setText: (text: string) => void
  readonly input: React.RefObject<HTMLInputElement | null>
}

/** What the field offers while a query is typed, and the keys that choose from it. */
export function useCompletion({ text, setText, input }: Completion) {
  const [isOpen, setIsOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [cursor, setCursor] = useState(text.length)
  const asked = useDebounced(`${cursor} ${text}`, SETTLE)
  const space = asked.indexOf(' ')
  const [askedCursor, askedText] = [Number(asked.slice(0, space)), asked.slice(space + 1)]
  const { data } = useQuery({ ...suggestionsQuery(askedText, askedCursor), enabled: isOpen })
  // What was offered for another text would replace the wrong part of this one.
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
    const { start, end } = data.replaces
    // A qualifier goes on; anything else is done.
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
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape' && isOpen) {
      event.preventDefault()
      setIsOpen(false)
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && suggestions.length > 0) {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((active + step + suggestions.length + (active < 0 && step < 0 ? 1 : 0)) % suggestions.length)
    } else if ((event.key === 'Enter' || event.key === 'Tab') && active >= 0 && active < suggestions.length) {
      event.preventDefault()
      choose(active)
    }
  }
  return { suggestions, hint, active, choose, onKeyDown, follow, setIsOpen }
}
