'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Reads the page again every two seconds while something on it moves. */
export function RefreshWhile({ isMoving }: { isMoving: boolean }) {
  const router = useRouter()
  useEffect(() => {
    if (!isMoving) return
    const timer = setInterval(() => router.refresh(), 2_000)
    return () => clearInterval(timer)
  }, [isMoving, router])
  return null
}
