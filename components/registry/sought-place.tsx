'use client'

import { usePathname } from 'next/navigation'
import { useForgetPage } from '@/components/palette/recent-pages'
import { Link } from '@/components/ui/link'
import { onDemand } from '@/components/ui/on-demand'
import { SafeText } from '@/components/ui/safe-text'
import { homeHref, pathHref, registryHref } from '@/lib/routes/href'
import { parseRegistryPage, type RegistryPage } from '@/lib/routes/registry-path'
import { selectorSuffix } from '@/lib/routes/selector'
import { Breadcrumbs } from './breadcrumbs'

export const NearTags = onDemand(() => import('./near-tags').then((module) => module.NearTags))

/**
 * The name in the address, on the not-found page. Read in the browser, since following a link doesn't render the frame
 * around this page again.
 */
export function SoughtPlace() {
  const place = parseRegistryPage(usePathname())
  useForgetPage()
  return (
    <>
      {place && <Breadcrumbs {...place} />}
      <h1 className="mb-6 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
        {place ? <SafeText text={nameOf(place)} /> : 'Not found'}
      </h1>
    </>
  )
}

/** Links to the repository, its registry and all registries. */
export function NearbyPlaces() {
  const place = parseRegistryPage(usePathname())
  return (
    <span className="mt-3 flex flex-wrap justify-center gap-x-5 gap-y-1">
      {place?.selector && place.path && <Way href={pathHref(place.registry, place.path)}>Go to {place.path}</Way>}
      {place?.path && <Way href={registryHref(place.registry)}>Go to {place.registry}</Way>}
      <Way href={homeHref}>Go to all registries</Way>
    </span>
  )
}

function nameOf({ registry, path, selector }: RegistryPage): string {
  const place = path ? `${registry}/${path}` : registry
  return selector ? `${place}${selectorSuffix(selector)}` : place
}

function Way({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <Link href={href} className="font-medium text-accent underline-offset-2 hover:underline">
      {children}
    </Link>
  )
}
