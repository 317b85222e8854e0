'use client'

import { useEffect, useState } from 'react'
import { type RecentPage, recentPages } from '@/components/palette/recent-pages'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import { HomeSection } from './home-section'

const SHOWN = 6

/** Repositories and images recently opened in this browser. Renders nothing without any. */
export function RecentRepositories() {
  const [pages, setPages] = useState<readonly RecentPage[]>([])
  useEffect(() => setPages(recentPages().slice(0, SHOWN)), [])
  if (pages.length === 0) return null
  return (
    <HomeSection id="recently-opened" title="Recently opened">
      <Panel>
        <ul className="divide-y">
          {pages.map(({ path, registry, label }) => (
            <li key={path}>
              <Link href={path} className="flex items-baseline gap-2 px-4 py-2 text-sm hover:bg-sunken">
                <span className="min-w-0 flex-1 truncate">{label}</span>
                <span className="text-xs text-muted">{registry}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </HomeSection>
  )
}
