'use client'

import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'

/**
 * A component whose code is fetched when it is first rendered: dialogs, menus and the palette are not part of a page's
 * first load.
 * @param fallback shown until it has loaded
 */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  fallback: (props: Props) => ReactNode = () => null,
): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() }))
  // biome-ignore lint/correctness/noComponentHookFactories: called at the top of a module, once for each component
  return function OnDemand(props: Props) {
    return (
      <Suspense fallback={fallback(props)}>
        <Loaded {...props} />
      </Suspense>
    )
  }
}
