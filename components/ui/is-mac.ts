'use client'

import { useSyncExternalStore } from 'react'

function isMac(): boolean {
  return typeof navigator !== 'undefined' && /^(?:Mac|iPhone|iPad)/.test(navigator.platform)
}

/** Whether ⌘ takes the place of Ctrl; false until the page's code has come. */
export function useIsMac(): boolean {
  return useSyncExternalStore(
    () => () => {},
    isMac,
    () => false,
  )
}
