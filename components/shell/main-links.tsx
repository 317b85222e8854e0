'use client'

import { usePathname } from 'next/navigation'
import { Link } from '@/components/ui/link'
import {
  activityHref,
  auditHref,
  labelReportHref,
  policyHref,
  searchHref,
  storageHref,
  trashHref,
} from '@/lib/routes/href'

/** Links to pages about all registries. */
const ENTRIES = [
  { name: 'Search', href: searchHref() },
  { name: 'Activity', href: activityHref() },
  { name: 'Labels', href: labelReportHref() },
  { name: 'Policy', href: policyHref() },
  { name: 'Storage', href: storageHref() },
  { name: 'Audit', href: auditHref() },
  { name: 'Trash', href: trashHref() },
] as const

/** In the header as text; in the drawer on small screens. */
export function MainLinks({ className }: { className?: string }) {
  const pathname = usePathname()
  return (
    <ul className={className}>
      {ENTRIES.map(({ name, href }) => (
        <li key={href}>
          <Link
            href={href}
            aria-current={pathname === href || pathname.startsWith(`${href}/`) ? 'page' : undefined}
            className="flex h-8 items-center rounded-md px-2.5 text-sm text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {name}
          </Link>
        </li>
      ))}
    </ul>
  )
}
