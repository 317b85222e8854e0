'use client'

import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Button } from '@/components/ui/button'
import { FilterInput } from '@/components/ui/filter-input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { SbomPackagePage } from '@/lib/data/manifest/read-sbom'
import { formatCount, plural } from '@/lib/format/bytes'
import { packagesQuery } from '@/lib/query/referrers'
import { problemFrom } from '@/lib/query/unwrap'
import type { SbomSource } from './sbom-source'

const PAGE = 100

/** An SBOM's packages, filtered by words in name, version or licence: over the whole document, a page at a time. */
export function SbomPackages({ source, index }: { source: SbomSource; index: number }) {
  const { registry, repository, digest } = source
  const [term, setTerm] = useState('')
  const [offset, setOffset] = useState(0)
  const filter = useDeferredValue(term)
  const { data, error } = useQuery(packagesQuery({ registry, repository, digest, index, filter, offset }))
  if (error) return <ProblemNotice problem={problemFrom(error)} />
  const { items: found, total } = data ?? { items: [], total: 0 }
  return (
    <div className="space-y-2 border-t px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="w-full sm:w-72">
          <FilterInput
            label="Filter packages"
            value={term}
            onChange={(value) => {
              setTerm(value)
              setOffset(0)
            }}
          />
        </div>
        <p role="status" className="text-xs text-muted">
          {data ? plural(total, 'package') : 'Loading…'}
          {data && filter && ' match'}
          {total > PAGE && `, ${formatCount(offset + 1)}–${formatCount(offset + found.length)} shown`}
        </p>
        {total > PAGE && (
          <span className="ml-auto flex gap-2">
            <Button size="sm" disabled={offset === 0} onClick={() => setOffset(offset - PAGE)}>
              Previous
            </Button>
            <Button size="sm" disabled={offset + PAGE >= total} onClick={() => setOffset(offset + PAGE)}>
              Next
            </Button>
          </span>
        )}
      </div>
      <Table
        name="packages"
        caption="Packages"
        isText
        columns={COLUMNS}
        rows={found}
        // A document may list one package twice.
        rowKey={(_, row) => row}
      />
    </div>
  )
}

const COLUMNS: readonly Column<SbomPackagePage['items'][number]>[] = [
  {
    id: 'name',
    role: 'name',
    head: 'Package',
    cell: ({ name }) => <SafeText text={name || 'no name'} className="mono" />,
  },
  {
    id: 'version',
    head: 'Version',
    cell: ({ version }) => version && <SafeText text={version} className="mono" />,
  },
  { id: 'licence', head: 'Licence', cell: ({ license }) => license && <SafeText text={license} /> },
]
