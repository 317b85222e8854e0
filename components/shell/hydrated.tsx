'use client'

import { useLayoutEffect } from 'react'

/** Tells `EarlyInput` that clicks have handlers now. Before any other click can come, so that none counts twice. */
export function Hydrated() {
  useLayoutEffect(() => {
    window.dispatchEvent(new Event('hydrated'))
  }, [])
  return null
}
