'use client'

import { type RefObject, useEffect, useState } from 'react'

/** Rows rendered beyond the edges, so that scrolling shows no gap. */
const OVERSCAN = 12
/** What is rendered before the height is known: on the server, and at first in the browser. */
const ASSUMED_HEIGHT = 900

/**
 * Which rows of a list of equal heights are on screen. A window over rows that all have one height is so little
 * arithmetic that a library for it would weigh more than all else about the list.
 * @param rowHeight pixels
 * @returns the first row and the one after the last
 */
export function useVisibleRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): { start: number; end: number } {
  const [view, setView] = useState({ top: 0, height: ASSUMED_HEIGHT })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight })
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller])
  return {
    start: Math.max(0, Math.min(count, Math.floor(view.top / rowHeight)) - OVERSCAN),
    end: Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN),
  }
}
