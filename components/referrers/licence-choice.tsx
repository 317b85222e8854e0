import type { SbomPackagePage } from '@/lib/data/manifest/read-sbom'
import { formatCount } from '@/lib/format/bytes'
import { visibleText } from '@/lib/format/visible-text'

interface LicenceChoiceProps {
  licences: SbomPackagePage['licences']
  chosen: string | undefined
  onChange: (licence: string | undefined) => void
}

/** Chooses one of the licences that packages have, most frequent first, with how many have it. */
export function LicenceChoice({ licences, chosen, onChange }: LicenceChoiceProps) {
  return (
    <select
      aria-label="Licence"
      value={chosen === undefined ? '' : `=${chosen}`}
      onChange={({ target: { value } }) => onChange(value === '' ? undefined : value.slice(1))}
      className="h-8 max-w-72 min-w-0 rounded-md border border-line-strong/60 bg-surface px-2 text-sm text-ink shadow-xs hover:border-line-strong"
    >
      <option value="">All licences</option>
      {licences.map(({ licence, count }) => (
        <option key={licence} value={`=${licence}`}>
          {licence === '' ? 'No licence stated' : visibleText(licence)} ({formatCount(count)})
        </option>
      ))}
      {chosen !== undefined && !licences.some(({ licence }) => licence === chosen) && (
        <option value={`=${chosen}`}>{chosen === '' ? 'No licence stated' : visibleText(chosen)} (0)</option>
      )}
    </select>
  )
}
