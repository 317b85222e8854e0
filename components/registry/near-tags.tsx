'use client'

import { usePathname } from 'next/navigation'
import { Link } from '@/components/ui/link'
import { useQuery } from '@/lib/query/hooks'
import { nearTagsQuery } from '@/lib/query/repositories'
import { manifestHref } from '@/lib/routes/href'
import { parseRegistryPage } from '@/lib/routes/registry-path'
import { isDigestSelector } from '@/lib/routes/selector'

/** On the page of a tag that doesn't exist: those that may have been meant. */
export function NearTags() {
  const { registry, path, selector } = parseRegistryPage(usePathname()) ?? {}
  const tag = selector && !isDigestSelector(selector) ? selector : ''
  const place = registry && path && tag ? { registry, repository: path } : undefined
  const { data = [] } = useQuery(nearTagsQuery(place, tag))
  if (!place || data.length === 0) return null
  return (
    <p className="mt-3">
      Did you mean{' '}
      {data.map((tag, index) => (
        <span key={tag}>
          {index > 0 && (index === data.length - 1 ? ' or ' : ', ')}
          <Link href={manifestHref(place, tag)} className="font-medium text-accent underline-offset-2 hover:underline">
            {tag}
          </Link>
        </span>
      ))}
      ?
    </p>
  )
}
