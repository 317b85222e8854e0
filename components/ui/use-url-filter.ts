'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'

const SETTLE = 180

/**
 * What is typed to filter a page. The field answers at once; the page and its address follow when typing rests, and the
 * field follows the address where something else changes it, as a link or the way back.
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
  return [text, setText] as const
}
