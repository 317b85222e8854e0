import { Link } from '@/components/ui/link'
import { shortDigest } from '@/lib/format/digest'
import type { RepositoryName } from '@/lib/oci/reference'
import { homeHref, manifestHref, pathHref, registryHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'

interface BreadcrumbsProps {
  registry: string
  /** A namespace or repository; absent on the registry's own page. */
  path?: RepositoryName | undefined
  /** A tag or digest, on a manifest's page. */
  selector?: string
}

/** The way to where the page is; the page itself is its last, unlinked step. */
export function Breadcrumbs({ registry, path, selector }: BreadcrumbsProps) {
  const segments = path?.split('/') ?? []
  const crumbs = [
    { label: 'Registries', href: homeHref },
    { label: registry, href: registryHref(registry) },
    ...segments.map((label, index) => ({ label, href: pathHref(registry, segments.slice(0, index + 1).join('/')) })),
    ...(selector && path
      ? [
          {
            label: isDigestSelector(selector) ? shortDigest(selector) : selector,
            href: manifestHref({ registry, repository: path }, selector),
          },
        ]
      : []),
  ]
  return (
    <nav aria-label="Breadcrumb" className="mb-2">
      <ol className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
        {crumbs.map(({ label, href }, index) => (
          <li key={href} className="flex min-w-0 items-center gap-1.5">
            {index > 0 && (
              <span aria-hidden className="text-faint">
                /
              </span>
            )}
            {index < crumbs.length - 1 ? (
              <Link href={href} className="truncate py-0.5 hover:text-ink hover:underline">
                {label}
              </Link>
            ) : (
              <span aria-current="page" className="truncate py-0.5">
                {label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
