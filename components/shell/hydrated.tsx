'use client'

import { useLayoutEffect } from 'react'
import { EARLY_INPUT } from './early-input-id'

/** Tells `EarlyInput` that clicks have handlers now. Before any other click can come, so that none counts twice. */
export function Hydrated() {
  useLayoutEffect(() => {
    if (tellEarlyInput()) return
    runEarlyInput()
    tellEarlyInput()
  }, [])
  return null
}

/** @returns whether it has heard of it */
function tellEarlyInput(): boolean {
  return !window.dispatchEvent(new Event('hydrated', { cancelable: true }))
}

/** A page that wasn't found is rendered in the browser, where React inserts scripts without running them. */
function runEarlyInput(): void {
  const inserted = document.querySelector<HTMLScriptElement>(`#${EARLY_INPUT}`)
  if (!inserted) return
  const script = document.createElement('script')
  script.nonce = inserted.nonce
  script.textContent = inserted.textContent
  document.head.append(script)
  script.remove()
}
