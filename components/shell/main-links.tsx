'use client'

import { usePathname } from 'next/navigation'
import { Link } from '@/components/ui/link'
import { activityHref, auditHref, labelReportHref, policyHref, searchHref, trashHref } from '@/lib/routes/href'

/** What is about everything, beside the registries. Each entry is here once its page is. */
const ENTRIES = [
  { name: 'Search', href: searchHref() },
  { name: 'Activity', href: activityHref() },
  { name: 'Labels', href: labelReportHref() },
  { name: 'Policy', href: policyHref() },
  { name: 'Audit', href: auditHref() },
  { name: 'Trash', href: trashHref() },
] as const

/** Words in the header; in the drawer where the screen has no room for them. */
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
