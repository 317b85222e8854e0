'use client'

import { Braces, ChevronDown, Download, Rows3, Sheet } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu, MenuDownload } from '@/components/ui/menu'
import { exportHref } from '@/lib/routes/href'
import { labelsPageQuery } from '@/lib/routes/labels-page-query'
import { searchPageQuery } from '@/lib/routes/search-page-query'
import type { QueryPlace } from './query-place'

const FORMATS = [
  { format: 'csv', label: 'CSV, for spreadsheets', icon: Sheet },
  { format: 'ndjson', label: 'NDJSON, a row per line', icon: Rows3 },
  { format: 'json', label: 'JSON', icon: Braces },
] as const

/** The whole result as a file, with what the page asks for in its address. */
export function ExportMenu({ place, count }: { place: QueryPlace; count?: string }) {
  const query = place.kind === 'search' ? searchPageQuery(place.state) : labelsPageQuery(place.state)
  return (
    <Menu
      label="Export"
      trigger={
        <Button>
          <Download aria-hidden />
          Export {count}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      {FORMATS.map(({ format, label, icon }) => (
        <MenuDownload
          key={format}
          icon={icon}
          href={exportHref(place.kind, { ...query, after: undefined, seen: undefined, open: undefined, format })}
        >
          {label}
        </MenuDownload>
      ))}
    </Menu>
  )
}
