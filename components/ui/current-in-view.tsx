'use client'

import { useLayoutEffect, useRef } from 'react'

/**
 * In a tab that has become the current one: scrolls the tabs sideways until it's seen, and the page not at all. Before
 * this code has loaded, `scroll-initial-target` does so where the browser has it.
 */
export function CurrentInView() {
  const mark = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const tab = mark.current?.closest('a')
    const tabs = tab?.closest('nav')
    if (!tab || !tabs) return
    const { left, right } = tab.getBoundingClientRect()
    const edges = tabs.getBoundingClientRect()
    if (left < edges.left) tabs.scrollLeft -= edges.left - left
    else if (right > edges.right) tabs.scrollLeft += right - edges.right
  }, [])
  return <span ref={mark} hidden />
}
