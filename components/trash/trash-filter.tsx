'use client'

import { UrlFilter } from '@/components/ui/url-filter'
import { trashHref } from '@/lib/routes/href'

export function TrashFilter({ q }: { q: string }) {
  return (
    <div className="mb-3 max-w-md">
      <UrlFilter
        label="Filter by repository, tag, digest or user"
        shown={q}
        hrefOf={(text) => trashHref({ q: text })}
      />
    </div>
  )
}
