'use client'

import { useEffect, useRef } from 'react'

/** Takes what was typed before this code ran: the field holds it, but no handler has seen it. */
export function useEarlyText(input: React.RefObject<HTMLInputElement | null>, onText: (text: string) => void): void {
  const latest = useRef(onText)
  latest.current = onText
  useEffect(() => {
    if (input.current && input.current.value !== input.current.defaultValue) latest.current(input.current.value)
  }, [input])
}
