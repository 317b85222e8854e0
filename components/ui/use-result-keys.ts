'use client'

import { useEffect, useState } from 'react'

const FOCUSABLE = '[data-results] a[href], [role="treeitem"][tabindex="0"]'

/**
 * The keys between a filter and what it finds: ↓ leads to the first result, Enter opens it, and the arrows walk the
 * results and back into the field.
 * @param container id of the element that holds the results
 * @param isSettled what is shown is what the field asks for: Enter waits for it
 */
export function useResultKeys(
  container: string | undefined,
  isSettled: boolean,
  field: React.RefObject<HTMLInputElement | null>,
): (event: React.KeyboardEvent) => void {
  const [wantsFirst, setWantsFirst] = useState(false)
  useEffect(() => {
    if (!wantsFirst || !isSettled) return
    setWantsFirst(false)
    const first = resultsIn(container)[0]
    if (first instanceof HTMLAnchorElement) first.click()
  }, [wantsFirst, isSettled, container])
  useEffect(() => {
    const element = container && document.getElementById(container)
    if (!element) return
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || event.altKey || event.ctrlKey || event.metaKey)
        return
      const results = resultsIn(container)
      const at = results.indexOf(event.target as HTMLElement)
      if (at < 0 || results[at]?.role === 'treeitem') return
      event.preventDefault()
      const next = event.key === 'ArrowDown' ? results[at + 1] : (results[at - 1] ?? field.current)
      next?.focus()
    }
    element.addEventListener('keydown', onKeyDown)
    return () => element.removeEventListener('keydown', onKeyDown)
  }, [container, field])
  return (event) => {
    if (event.key === 'Enter' && field.current?.value) setWantsFirst(true)
    else if (event.key === 'ArrowDown') resultsIn(container)[0]?.focus()
    else return
    event.preventDefault()
  }
}

function resultsIn(container: string | undefined): HTMLElement[] {
  const element = container ? document.getElementById(container) : null
  return element ? [...element.querySelectorAll<HTMLElement>(FOCUSABLE)] : []
}
