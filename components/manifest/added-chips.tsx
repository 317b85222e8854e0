import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import type { AddedLabel } from '@/lib/data/labels/added-labels'
import { plural } from '@/lib/format/bytes'
import { AddLabel } from './add-label'
import type { AddLabelProps } from './add-label-props'

const SHOWN = 6
const LONGEST = 60

/** The labels that people added, in one line. */
export function AddedChips({
  labels,
  mayEdit,
  allHref,
  ...target
}: AddLabelProps & { labels: readonly AddedLabel[]; mayEdit: boolean; allHref: string }) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span>{labels.length === 0 ? 'No labels added in Lading' : 'Added in Lading'}</span>
      {labels.slice(0, SHOWN).map(({ id, key, value, createdBy }) => (
        <Link
          key={id}
          href={allHref}
          title={`Added by ${createdBy}`}
          className="max-w-full truncate rounded-md border px-1.5 py-0.5 font-mono text-xs text-ink hover:bg-sunken"
        >
          <SafeText text={`${key}=${value.slice(0, LONGEST)}${value.length > LONGEST ? '…' : ''}`} />
        </Link>
      ))}
      {labels.length > SHOWN && <Link href={allHref}>and {plural(labels.length - SHOWN, 'other')}</Link>}
      {mayEdit && (
        <span className="ml-auto">
          <AddLabel {...target} />
        </span>
      )}
    </div>
  )
}
