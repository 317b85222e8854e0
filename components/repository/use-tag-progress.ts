import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import type { TagProgress } from '@/lib/data/tags/follow-tags'
import type { Place } from '@/lib/oci/place'
import type { Problem } from '@/lib/problem/problem'
import { tagProgressHref } from '@/lib/routes/href'
import { followEvents } from '../ui/follow-events'

/**
 * Follows the tags of a repository while they are listed and, with `resolve`, read; the page is shown again when that is
 * done. The server works on them for as long as somebody follows.
 */
export function useTagProgress(
  place: Place,
  { resolve, isOn }: { resolve: boolean; isOn: boolean },
): { readonly progress?: TagProgress | undefined; readonly problem?: Problem | undefined } {
  const router = useRouter()
  const href = tagProgressHref(place, resolve)
  const [progress, setProgress] = useState<TagProgress>()
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => {
    if (!isOn) return
    return followEvents(href, {
      progress: (value) => setProgress(value as TagProgress),
      end: () => router.refresh(),
      problem: (value) => setProblem(value as Problem),
    })
  }, [href, isOn, router])
  return { progress, problem }
}
