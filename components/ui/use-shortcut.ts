'use client'

import { useEffect, useRef } from 'react'
import { isMac } from './is-mac'

/**
 * Calls `action` when a key is pressed anywhere but in a field or a dialog. `mod+k` is ⌘K on a Mac and Ctrl+K
 * elsewhere, and works everywhere. Keys that lead to a field are the field's own matter (`FieldKeys`).
 */
export function useShortcut(shortcut: string, action: () => void): void {
  const latest = useRef(action)
  latest.current = action
  useEffect(() => {
    const withModifier = shortcut.startsWith('mod+')
    const key = withModifier ? shortcut.slice(4) : shortcut
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== key || event.defaultPrevented || event.altKey) return
      if (!hasModifier(event, withModifier)) return
      if (!withModifier && isBusy(event.target)) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [shortcut])
}

/** Ctrl+K on a Mac edits text. */
function hasModifier({ metaKey, ctrlKey }: KeyboardEvent, wanted: boolean): boolean {
  if (!wanted) return !metaKey && !ctrlKey
  return isMac() ? metaKey && !ctrlKey : ctrlKey && !metaKey
}

function isBusy(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role=dialog], dialog, [role=menu]') !== null)
  )
}
