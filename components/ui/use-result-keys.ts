'use client'

import { useEffect, useState } from 'react'

const FOCUSABLE = '[data-results] a[href], [role="treeitem"][tabindex="0"]'
/** What stands in for results that are on their way. */
const LOADING = '[data-skeleton]'

/**
 * The keys between a filter and what it finds: ↓ leads to the first result, Enter opens it, and the arrows walk the
 * results and back into the field.
 * @param container id of the element that holds the results
 * @param isSettled what is shown is what the field asks for: ↓ and Enter wait for it
 */
export function useResultKeys(
  container: string | undefined,
  isSettled: boolean,
  field: React.RefObject<HTMLInputElement | null>,
): (event: React.KeyboardEvent) => void {
  const [wish, setWish] = useState<'open' | 'focus'>()
  useEffect(() => {
    if (!wish || !isSettled) return
    const grant = () => {
      const first = resultsIn(container)[0]
      const isWaiting = document.activeElement === field.current
      if (isWaiting && !first && isLoading(container)) return
      observer.disconnect()
      setWish(undefined)
      if (!isWaiting) return
      if (wish === 'focus') first?.focus()
      else if (first instanceof HTMLAnchorElement) first.click()
    }
    const observer = new MutationObserver(grant)
    observer.observe(document.body, { childList: true, subtree: true })
    grant()
    return () => observer.disconnect()
  }, [wish, isSettled, container, field])
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
    const isOpening = event.key === 'Enter' && field.current?.value
    if (!isOpening && event.key !== 'ArrowDown') return setWish(undefined)
    setWish(isOpening ? 'open' : 'focus')
    event.preventDefault()
  }
}

function resultsIn(container: string | undefined): HTMLElement[] {
  return within(container, FOCUSABLE).filter((result) => result.checkVisibility())
}

function isLoading(container: string | undefined): boolean {
  return within(container, LOADING).length > 0
}

function within(container: string | undefined, selector: string): HTMLElement[] {
  const element = container ? document.getElementById(container) : null
  return element ? [...element.querySelectorAll<HTMLElement>(selector)] : []
}
