'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { Place } from '@/lib/oci/place'
import { changesHref } from '@/lib/routes/href'
import { followEvents } from '../ui/follow-events'

/** A page that was hidden for longer may have missed something. */
const MISSED_AFTER = 5_000
/** Milliseconds before a page opens its stream: one that is left at once doesn't need it. */
const FOLLOW_AFTER = 2_000

/**
 * Refreshes the page when a tag of the repository has changed. Only while it is visible: a browser keeps six
 * connections to a server, whatever the number of its tabs.
 */
export function LiveChanges({ place }: { place: Place }) {
  const router = useRouter()
  const href = changesHref(place)
  useEffect(() => {
    let close: (() => void) | undefined
    let hiddenAt: number | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      const refresh = () => router.refresh()
      close = followEvents(href, { progress: refresh, reopened: refresh })
    }
    const follow = () => {
      clearTimeout(timer)
      if (document.hidden) {
        hiddenAt = Date.now()
        close?.()
        close = undefined
      } else if (!close) {
        if (hiddenAt !== undefined && Date.now() - hiddenAt > MISSED_AFTER) router.refresh()
        timer = setTimeout(open, FOLLOW_AFTER)
      }
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', follow)
      close?.()
    }
  }, [href, router])
  return null
}
