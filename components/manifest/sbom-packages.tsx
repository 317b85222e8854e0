'use client'

import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Button } from '@/components/ui/button'
import { FilterInput } from '@/components/ui/filter-input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
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
      <div className="overflow-x-auto">
        <table className="w-full text-left text-xs">
          <thead className="text-muted">
            <tr>
              <th scope="col" className="py-1 pr-4 font-medium">
                Package
              </th>
              <th scope="col" className="py-1 pr-4 font-medium">
                Version
              </th>
              <th scope="col" className="py-1 font-medium">
                Licence
              </th>
            </tr>
          </thead>
          <tbody className="divide-y">
            {found.map(({ name, version, license }, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a document may list one package twice
              <tr key={row} className="align-top">
                <th scope="row" className="mono py-1 pr-4 font-normal [overflow-wrap:anywhere]">
                  <SafeText text={name || 'no name'} />
                </th>
                <td className="mono py-1 pr-4 [overflow-wrap:anywhere]">{version && <SafeText text={version} />}</td>
                <td className="py-1 [overflow-wrap:anywhere]">{license && <SafeText text={license} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
