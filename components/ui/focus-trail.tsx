'use client'

import { useEffect, useRef } from 'react'

const KEY = 'focusTrail'

/**
 * Links that lead from one level of a place to the next, walked by key: the focus goes to the first of them at the next
 * level, and back to the one that was followed when the visitor comes back. Otherwise it would start at the top.
 * @param at the level
 */
export function FocusTrail({ at, children }: { at: string; children: React.ReactNode }) {
  const ref = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each level is entered once
  useEffect(() => {
    const links = [...(ref.current?.querySelectorAll('a') ?? [])]
    const followed = links.find((link) => link.getAttribute('href') === history.state?.[KEY])
    const isNext = sessionStorage.getItem(KEY) === here()
    sessionStorage.removeItem(KEY)
    const target = followed ?? (isNext ? links[0] : undefined)
    if (document.activeElement === document.body) target?.focus()
  }, [at])
  const remember = ({ target, detail }: React.MouseEvent) => {
    const href = target instanceof Element && target.closest('a')?.getAttribute('href')
    // A pointer says how often it clicked.
    if (!href || detail > 0) return
    history.replaceState({ ...history.state, [KEY]: href }, '')
    sessionStorage.setItem(KEY, href)
  }
  return (
    <div ref={ref} onClickCapture={remember}>
      {children}
    </div>
  )
}

/** As links name it. */
function here(): string {
  return `${location.pathname}${location.search}`
}
