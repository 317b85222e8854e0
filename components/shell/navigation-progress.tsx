'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'

/** Shows that a link was followed while its page loads, for example from a slow registry. */
export function NavigationProgress() {
  // The address changes with the page: until it does, the visitor is waiting.
  const here = `${usePathname()}?${useSearchParams()}`
  const [left, setLeft] = useState<string>()
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null
      // Next prevents the default of links it follows. The browser shows its own progress for all others.
      if (!link || !event.defaultPrevented || link.origin !== location.origin) return
      if (link.pathname !== location.pathname || link.search !== location.search) setLeft(here)
    }
    window.addEventListener('click', onClick)
    return () => window.removeEventListener('click', onClick)
  }, [here])
  if (left !== here) return null
  return (
    <div role="status" className="fixed inset-x-0 top-0 z-50 h-0.5 overflow-hidden">
      <span className="sr-only">Loading the page</span>
      <span aria-hidden className="navigation-progress block h-full w-1/3 rounded-full bg-accent" />
    </div>
  )
}
