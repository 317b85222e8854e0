import { Crumbs } from '@/components/ui/crumbs'
import { shortDigest } from '@/lib/format/digest'
import type { RepositoryName } from '@/lib/oci/reference'
import { homeHref, pathHref, registryHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'

interface BreadcrumbsProps {
  registry: string
  /** A namespace or repository; absent on the registry's own page. */
  path?: RepositoryName | undefined
  /** A tag or digest on a manifest's page; what else is shown of a repository, in words. */
  selector?: string
}

/** The way to a place of a registry. */
export function Breadcrumbs({ registry, path, selector }: BreadcrumbsProps) {
  const segments = path?.split('/') ?? []
  const steps = [
    { label: 'Registries', href: homeHref },
    { label: registry, href: registryHref(registry) },
    ...segments.map((label, index) => ({ label, href: pathHref(registry, segments.slice(0, index + 1).join('/')) })),
  ]
  if (selector && path)
    return <Crumbs way={steps} here={isDigestSelector(selector) ? shortDigest(selector) : selector} />
  return <Crumbs way={steps.slice(0, -1)} here={steps.at(-1)?.label ?? registry} />
}
