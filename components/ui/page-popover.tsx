'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'

interface PagePopoverProps extends React.ComponentProps<'div'> {
  as?: 'div' | 'aside'
}

/** Part of the frame that its button shows, and that a new page closes. */
export function PagePopover({ as: Element = 'div', ...props }: PagePopoverProps) {
  const pathname = usePathname()
  const panel = useRef<HTMLDivElement>(null)
  const shownOn = useRef(pathname)
  useEffect(() => {
    // Opened before the page's scripts ran, it stays open.
    if (shownOn.current === pathname) return
    shownOn.current = pathname
    if (panel.current?.matches(':popover-open')) panel.current.hidePopover()
  }, [pathname])
  return <Element ref={panel} popover="auto" {...props} />
}
