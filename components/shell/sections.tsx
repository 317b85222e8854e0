'use client'

import { usePathname } from 'next/navigation'
import { Link } from '@/components/ui/link'

export interface Section {
  readonly name: string
  readonly href: string
}

/** The parts of Lading beside the registries, as words: in the header where it is wide, else above the tree. */
export function Sections({ sections, className }: { sections: readonly Section[]; className: string }) {
  const pathname = usePathname()
  if (sections.length === 0) return null
  return (
    <nav aria-label="Sections" className={className}>
      {sections.map(({ name, href }) => (
        <Link
          key={href}
          href={href}
          aria-current={pathname === href ? 'page' : undefined}
          className="rounded-md px-2 py-1.5 text-sm font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink"
        >
          {name}
        </Link>
      ))}
    </nav>
  )
}
