import { PackageX } from 'lucide-react'
import { headers } from 'next/headers'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { homeHref, pathHref, registryHref } from '@/lib/routes/href'
import { PATH_HEADER } from '@/lib/routes/path-header'
import { parsePlace } from '@/lib/routes/registry-path'

export default async function NotFound() {
  const place = parsePlace((await headers()).get(PATH_HEADER) ?? '')
  return (
    <>
      {place && <Breadcrumbs {...place} />}
      <h1 className="mb-6 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
        {place ? nameOf(place) : 'Not found'}
      </h1>
      <Empty icon={PackageX} title="There is nothing here, or you may not see it">
        It may have been deleted or renamed, or the address is mistyped. Registries give the same answer to what is
        absent and to what is not for you.
        <br />
        <span className="mt-3 inline-flex gap-4">
          {place?.selector && place.path && <Way href={pathHref(place.registry, place.path)}>To {place.path}</Way>}
          {place && !place.selector && place.path && <Way href={registryHref(place.registry)}>To {place.registry}</Way>}
          <Way href={homeHref}>To the registries</Way>
        </span>
      </Empty>
    </>
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
