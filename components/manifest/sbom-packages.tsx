'use client'

import { useDeferredValue, useMemo, useState } from 'react'
import { FilterInput } from '@/components/ui/filter-input'
import { SafeText } from '@/components/ui/safe-text'
import type { SbomView } from '@/lib/data/manifest/read-sbom'
import { formatCount, plural } from '@/lib/format/bytes'

/** Rows that are rendered: to see others, narrow the filter. */
const SHOWN = 100

/** An SBOM's packages, filtered by words in name, version or licence. */
export function SbomPackages({ sbom }: { sbom: SbomView }) {
  const { listed, packages = 0 } = sbom
  const [term, setTerm] = useState('')
  const deferred = useDeferredValue(term)
  const found = useMemo(() => {
    const words = deferred.toLowerCase().split(/\s+/).filter(Boolean)
    return listed.filter(({ name, version = '', license = '' }) => {
      const text = `${name} ${version} ${license}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
  }, [listed, deferred])
  return (
    <div className="space-y-2 border-t px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="w-full sm:w-72">
          <FilterInput label="Filter packages" value={term} onChange={setTerm} />
        </div>
        <p role="status" className="text-xs text-muted">
          {found.length > SHOWN && `The first ${SHOWN} of `}
          {plural(found.length, 'package')}
          {deferred && ' match'}
          {packages > listed.length &&
            `; only the first ${formatCount(listed.length)} of ${formatCount(packages)} are searched`}
        </p>
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
            {found.slice(0, SHOWN).map(({ name, version, license }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a document may list one package twice
              <tr key={index} className="align-top">
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
