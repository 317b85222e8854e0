'use client'

import { useEffect, useRef } from 'react'

/**
 * Calls `action` when a key is pressed anywhere but in a field or a dialog. Keys that lead to a field, and Ctrl or ⌘
 * with a key, are the matter of the field or button that names them (`EarlyInput`).
 */
export function useShortcut(key: string, action: () => void): void {
  const latest = useRef(action)
  latest.current = action
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== key || event.defaultPrevented || event.altKey || event.metaKey || event.ctrlKey) return
      if (isBusy(event.target)) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [key])
}

function isBusy(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input:not([type=checkbox]), textarea, select, [role=dialog], dialog, [role=menu]') !== null)
  )
}
