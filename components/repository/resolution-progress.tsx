'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { formatCount } from '@/lib/format/bytes'
import { resolutionHref } from '@/lib/routes/href'

interface ResolutionProgressProps {
  registry: string
  repository: string
  done: number
  total: number
}

/** Says how many tags a sort knows, follows the rest as they arrive, and sorts anew when all are known. */
export function ResolutionProgress({ registry, repository, done, total }: ResolutionProgressProps) {
  const router = useRouter()
  const [progress, setProgress] = useState({ done, total })
  useEffect(() => {
    const events = new EventSource(resolutionHref(registry, repository))
    events.addEventListener('progress', (event) => setProgress(JSON.parse(event.data)))
    events.addEventListener('end', () => {
      events.close()
      router.refresh()
    })
    return () => events.close()
  }, [registry, repository, router])
  return (
    <p className="flex items-center gap-2 text-xs text-muted" role="status">
      <progress
        value={progress.done}
        max={progress.total}
        className="h-1.5 w-24 overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
        aria-label="Tags resolved"
      />
      Sorted by the {formatCount(progress.done)} of {formatCount(progress.total)} tags resolved so far
    </p>
  )
}
