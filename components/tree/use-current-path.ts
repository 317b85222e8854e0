'use client'

import { usePathname } from 'next/navigation'
import { useMemo } from 'react'

/** The registry and path that the page is about; tag and digest left off. `path` is `''` on a registry's own page. */
export function useCurrentPath(): { registry: string; path: string } | undefined {
  const pathname = usePathname()
  return useMemo(() => {
    const [, root, registry, ...rest] = pathname.split('/')
    if ((root !== 'r' && root !== 'd') || !registry) return undefined
    const path = rest.map(safeDecode).join('/')
    return { registry: safeDecode(registry), path: path.replace(/[:@].*$/, '') }
  }, [pathname])
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
