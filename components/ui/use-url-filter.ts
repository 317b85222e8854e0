'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'

const SETTLE = 180

/**
 * What is typed to filter a page. The field answers at once; the page and its address follow when typing rests.
 * @param shown what the address says
 * @param hrefOf the page filtered by something else
 */
export function useUrlFilter(shown: string, hrefOf: (text: string) => string) {
  const router = useRouter()
  const [, startTransition] = useTransition()
  const [text, setText] = useState(shown)
  const latest = useRef(hrefOf)
  latest.current = hrefOf
  useEffect(() => {
    if (text === shown) return
    const timer = setTimeout(
      () => startTransition(() => router.replace(latest.current(text), { scroll: false })),
      SETTLE,
    )
    return () => clearTimeout(timer)
  }, [text, shown, router])
  return [text, setText] as const
}
