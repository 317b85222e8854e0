'use client'

import { Download } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Button, buttonStyles } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { FilterInput } from '@/components/ui/filter-input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { SbomPackagePage } from '@/lib/data/manifest/read-sbom'
import { formatCount, plural } from '@/lib/format/bytes'
import { useQuery } from '@/lib/query/hooks'
import { packagesQuery } from '@/lib/query/referrers'
import { problemFrom } from '@/lib/query/unwrap'
import { packagesHref } from '@/lib/routes/href'
import { LicenceChoice } from './licence-choice'
import type { SbomSource } from './sbom-source'

const PAGE = 100

/** An SBOM's packages, filtered by licence and by words: over the whole document, a page at a time. */
export function SbomPackages({ source, index }: { source: SbomSource; index: number }) {
  const { registry, repository, digest } = source
  const [term, setTerm] = useState('')
  const [licence, setLicence] = useState<string>()
  const [offset, setOffset] = useState(0)
  const filter = useDeferredValue(term)
  const { data, error } = useQuery(packagesQuery({ registry, repository, digest, index, filter, licence, offset }))
  if (error) return <ProblemNotice problem={problemFrom(error)} />
  const { items: found, total, licences } = data ?? { items: [], total: 0, licences: [] }
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
        {licences.length > 0 && (
          <LicenceChoice
            licences={licences}
            chosen={licence}
            onChange={(chosen) => {
              setLicence(chosen)
              setOffset(0)
            }}
          />
        )}
        <p role="status" className="text-xs text-muted">
          {data ? plural(total, 'package') : 'Loading…'}
          {data && (filter || licence !== undefined) && ' match'}
          {total > PAGE && `, ${formatCount(offset + 1)}–${formatCount(offset + found.length)} shown`}
        </p>
        <a
          href={packagesHref(source, digest, { index, filter: term, licence })}
          download
          title="Download the packages that match"
          className={buttonStyles({ size: 'sm', variant: 'ghost', className: 'ml-auto' })}
        >
          <Download aria-hidden />
          CSV
        </a>
        {total > PAGE && (
          <span className="flex gap-2">
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
    cell: ({ name, purl }) => (
      <>
        <SafeText text={name || 'no name'} className="mono" />
        {purl && (
          <span className="flex items-center gap-1 text-xs text-muted">
            <SafeText text={purl} className="mono min-w-0 [overflow-wrap:anywhere]" />
            <CopyButton text={purl} label={`Copy the package URL of ${name}`} size="icon-xs" />
          </span>
        )}
      </>
    ),
  },
  {
    id: 'version',
    head: 'Version',
    cell: ({ version }) => version && <SafeText text={version} className="mono" />,
  },
  {
    id: 'licence',
    head: 'Licence',
    cell: ({ license }) => (license ? <SafeText text={license} /> : <span className="text-muted">none stated</span>),
  },
]
