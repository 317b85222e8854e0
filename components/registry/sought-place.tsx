'use client'

import { usePathname } from 'next/navigation'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { homeHref, pathHref, registryHref } from '@/lib/routes/href'
import { parsePlace } from '@/lib/routes/registry-path'
import { Breadcrumbs } from './breadcrumbs'

/**
 * What the address names, on the page that says that it is not there. Read in the browser: a link within the frame does
 * not make the frame, which holds this page, anew.
 */
export function SoughtPlace() {
  const place = parsePlace(usePathname())
  return (
    <>
      {place && <Breadcrumbs {...place} />}
      <h1 className="mb-6 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
        {place ? <SafeText text={nameOf(place)} /> : 'Not found'}
      </h1>
    </>
  )
}

/** Where else to look: the repository of a tag, its registry, all of them. */
export function NearbyPlaces() {
  const place = parsePlace(usePathname())
  return (
    <span className="mt-3 flex flex-wrap justify-center gap-x-5 gap-y-1">
      {place?.selector && place.path && <Way href={pathHref(place.registry, place.path)}>To {place.path}</Way>}
      {place?.path && <Way href={registryHref(place.registry)}>To {place.registry}</Way>}
      <Way href={homeHref}>To the registries</Way>
    </span>
  )
}

function nameOf({ registry, path, selector }: NonNullable<ReturnType<typeof parsePlace>>): string {
  const place = path ? `${registry}/${path}` : registry
  return selector ? `${place}${selector.includes(':') ? '@' : ':'}${selector}` : place
}

function Way({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <Link href={href} className="font-medium text-accent underline-offset-2 hover:underline">
      {children}
    </Link>
  )
}
