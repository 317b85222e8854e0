import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import type { TagProgress } from '@/lib/data/tags/follow-tags'
import type { Place } from '@/lib/oci/place'
import type { Problem } from '@/lib/problem/problem'
import { tagProgressHref } from '@/lib/routes/href'

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
    const events = new EventSource(href)
    events.addEventListener('progress', (event) => setProgress(JSON.parse(event.data)))
    events.addEventListener('problem', (event) => {
      events.close()
      setProblem(JSON.parse(event.data))
    })
    events.addEventListener('end', () => {
      events.close()
      router.refresh()
    })
    return () => events.close()
  }, [href, isOn, router])
  return { progress, problem }
}
