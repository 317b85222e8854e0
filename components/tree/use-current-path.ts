'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useMemo, useSyncExternalStore } from 'react'

interface CurrentPath {
  readonly registry: string
  readonly path: string
}

/** What the page says that it is about, where its address doesn’t. */
let stated: CurrentPath | undefined
const listeners = new Set<() => void>()

function state(path: CurrentPath | undefined): void {
  stated = path
  for (const listener of listeners) listener()
}

function listen(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Makes the tree mark a repository while a page about it is open whose address doesn’t name it. */
export function useStatedPath(registry: string, path: string): void {
  useEffect(() => {
    state({ registry, path })
    return () => state(undefined)
  }, [registry, path])
}

/** The registry and path that the page is about; tag and digest left off. `path` is `''` on a registry's own page. */
export function useCurrentPath(): CurrentPath | undefined {
  const pathname = usePathname()
  const said = useSyncExternalStore(
    listen,
    () => stated,
    () => undefined,
  )
  const addressed = useMemo(() => {
    const [, root, registry, ...rest] = pathname.split('/')
    if ((root !== 'r' && root !== 'd') || !registry) return undefined
    const path = rest.map(safeDecode).join('/')
    return { registry: safeDecode(registry), path: path.replace(/[:@].*$/, '') }
  }, [pathname])
  return addressed ?? said
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
