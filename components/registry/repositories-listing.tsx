'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { plural } from '@/lib/format/bytes'

/** Milliseconds between two polls of the list's progress; the server continues it while somebody polls. */
const EVERY = 2_000

/** Says that a registry's repositories are still being listed, and how many there are so far; the page follows. */
export function RepositoriesListing({ registry, soFar }: { registry: string; soFar: number }) {
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), EVERY)
    return () => clearInterval(timer)
  }, [router])
  return (
    <p className="mb-3 text-sm text-muted" role="status">
      {soFar > 0
        ? `Still listing: ${plural(soFar, 'repository', 'repositories')} so far`
        : `Waiting for ${registry} to list its repositories`}
    </p>
  )
}
