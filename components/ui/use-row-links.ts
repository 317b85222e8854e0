'use client'

import { useRouter } from 'next/navigation'
import { basePath } from '@/lib/routes/base-path'

/** Follows every `RowLink` inside an element through the router, unless the click asks the browser for something else. */
export function useRowLinks(): (event: React.MouseEvent) => void {
  const router = useRouter()
  return (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    if (link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return
    event.preventDefault()
    router.push(link.pathname.slice(basePath.length) + link.search)
  }
}
