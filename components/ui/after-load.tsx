'use client'

import { type ComponentType, lazy, Suspense } from 'react'

/** Events that show that somebody is about to use the page. */
const SIGNS_OF_USE = ['pointerover', 'pointerdown', 'touchstart', 'keydown', 'focusin'] as const

/**
 * A part of every page, such as the tree: rendered with the page, while its code loads after the page or on first use.
 * Until then its links work as plain links.
 */
export function afterLoad<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Loaded = lazy(async () => {
    if (typeof window === 'undefined') return { default: await load() }
    await loadedOrUsed()
    try {
      return { default: await load() }
    } catch {
      // The server's HTML stays as it is: an error would replace the whole page.
      return new Promise<never>(() => {})
    }
  })
  // biome-ignore lint/correctness/noComponentHookFactories: called at the top of a module, once for each component
  return function AfterLoad(props: Props) {
    return (
      <Suspense>
        <Loaded {...props} />
      </Suspense>
    )
  }
}

function loadedOrUsed(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const sign of SIGNS_OF_USE) window.removeEventListener(sign, done, true)
      window.removeEventListener('load', soon)
      resolve()
    }
    const soon = () => setTimeout(done)
    for (const sign of SIGNS_OF_USE) window.addEventListener(sign, done, { capture: true, passive: true })
    if (document.readyState === 'complete') soon()
    else window.addEventListener('load', soon)
  })
}
