'use client'

import { FilterInput } from '@/components/ui/filter-input'
import { useUrlFilter } from '@/components/ui/use-url-filter'
import { trashHref } from '@/lib/routes/href'

export function TrashFilter({ q }: { q: string }) {
  const { text, setText, isPending } = useUrlFilter(q, (wanted) => trashHref({ q: wanted }))
  return (
    <div className="mb-3 max-w-md">
      <FilterInput
        label="Filter by repository, tag, digest or user"
        value={text}
        onChange={setText}
        shortcut="/"
        isPending={isPending}
      />
    </div>
  )
}
