'use client'

import { usePathname } from 'next/navigation'
import { useEffect } from 'react'
import type { Place } from '@/lib/oci/place'
import { decode, parseRegistryPath, splitRegistryUrl } from '@/lib/routes/registry-path'

const STORED = 'lading.recent'
const KEPT = 12

export interface RecentPage extends Place {
  /** Without the base path. */
  readonly path: string
  /** `team-a/app:1.4.2`. */
  readonly label: string
}

/** Paths that weren't found. A page may say so before or after the frame around it remembers the page. */
const missing = new Set<string>()

/** Remembers in this browser which repositories and images were opened, newest first. */
export function useRememberPage(): void {
  const pathname = usePathname()
  useEffect(() => {
    const page = pageOf(pathname)
    if (page && !missing.has(pathname)) store([page, ...othersThan(pathname)])
  }, [pathname])
}

/** Forgets a page that isn't there. */
export function useForgetPage(): void {
  const pathname = usePathname()
  useEffect(() => {
    missing.add(pathname)
    store(othersThan(pathname))
    return () => void missing.delete(pathname)
  }, [pathname])
}

function othersThan(pathname: string): RecentPage[] {
  return recentPages().filter(({ path }) => path !== pathname)
}

function store(pages: readonly RecentPage[]): void {
  localStorage.setItem(STORED, JSON.stringify(pages.slice(0, KEPT).map(({ path }) => path)))
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
  const url = splitRegistryUrl(path)
  const named = url && parseRegistryPath(url.segments)
  if (!named || named.kind === 'root') return undefined
  const repository = named.kind === 'path' ? named.path : named.repository
  return { path, registry: url.registry, label: decode(url.segments.join('/')) ?? repository, repository }
}
