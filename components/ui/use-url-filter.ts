'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'

const SETTLE = 180

/**
 * The text of a filter that lives in the address. The field answers at once; the address and the page follow when typing
 * pauses, and the field follows the address when something else changes it, such as a link or the back button.
 * @param shown what the address says
 * @param hrefOf the page filtered by something else
 */
export function useUrlFilter(shown: string, hrefOf: (text: string) => string) {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const [text, setText] = useState(shown)
  const [seen, setSeen] = useState(shown)
  /** Asked for since field and address last came to rest: what is on its way must not undo what was typed meanwhile. */
  const asked = useRef(new Set<string>())
  const latest = useRef(hrefOf)
  latest.current = hrefOf
  if (shown !== seen) {
    setSeen(shown)
    if (!asked.current.has(shown)) setText(shown)
  }
  useEffect(() => {
    if (text === shown) {
      if (!isPending) asked.current.clear()
      return
    }
    const timer = setTimeout(() => {
      asked.current.add(text)
      startTransition(() => router.replace(latest.current(text), { scroll: false }))
    }, SETTLE)
    return () => clearTimeout(timer)
  }, [text, shown, isPending, router])
  return { text, setText, isPending: isPending || text !== shown }
}
