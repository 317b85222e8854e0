'use client'

import { usePathname } from 'next/navigation'
import { useEffect } from 'react'

const STORED = 'lading.recent'
const KEPT = 12

export interface RecentPage {
  /** Without the base path. */
  readonly path: string
  readonly registry: string
  /** `team-a/app:1.4.2`. */
  readonly label: string
  readonly repository: string
}

/** Remembers in this browser which repositories and images were opened, newest first. */
export function useRememberPage(): void {
  const pathname = usePathname()
  useEffect(() => {
    const page = pageOf(pathname)
    if (!page) return
    const others = recentPages().filter(({ path }) => path !== page.path)
    localStorage.setItem(STORED, JSON.stringify([page, ...others].slice(0, KEPT).map(({ path }) => path)))
  }, [pathname])
}

export function recentPages(): RecentPage[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]')
    return Array.isArray(stored) ? stored.flatMap((path) => pageOf(String(path)) ?? []) : []
  } catch {
    return []
  }
}

function pageOf(path: string): RecentPage | undefined {
  const [, root, registry, ...rest] = path.split('/').map(safeDecode)
  const label = rest.join('/')
  if (root !== 'r' || !registry || !label) return undefined
  return { path, registry, label, repository: label.replace(/[:@].*$/, '') }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
