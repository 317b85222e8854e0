import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { AddedLabel } from '@/lib/data/labels/added-labels'
import type { Place } from '@/lib/oci/place'
import { manifestHref } from '@/lib/routes/href'
import { AddLabel } from './add-label'
import type { AddTarget } from './add-label-props'
import { LabelValue } from './label-value'
import { DeleteLabel } from './late-parts'

interface AddedLabelsProps {
  labels: readonly AddedLabel[]
  /** The manifest of the page, and the platform that it shows. */
  targets: readonly AddTarget[]
  place: Place
  mayEdit: boolean
}

/** Labels that people added to an image here: apart from its own, which travel with it. */
export function AddedLabels({ labels, targets, place, mayEdit }: AddedLabelsProps) {
  if (labels.length === 0 && !mayEdit) return null
  return (
    <section aria-labelledby="added-labels" className="mb-5">
      <div className="mb-2 flex items-center gap-x-3">
        <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3">
          <h2 id="added-labels" className="text-sm font-medium">
            Added in Lading
          </h2>
          <p className="text-xs text-muted">Not part of the image: its digest stays the same.</p>
        </div>
        {mayEdit && <AddLabel place={place} targets={targets} />}
      </div>
      {labels.length > 0 && (
        <Table
          name="added-labels"
          caption="Labels added in Lading"
          isText
          columns={columnsOf({ place, targets, mayEdit })}
          rows={labels}
          rowKey={({ id }) => id}
        />
      )}
    </section>
  )
}

function columnsOf(props: Omit<AddedLabelsProps, 'labels'>): Column<AddedLabel>[] {
  const { place, targets, mayEdit } = props
  return [
    { id: 'key', role: 'name', width: '34%', head: 'Key', cell: ({ key }) => <SafeText text={key} className="mono" /> },
    {
      id: 'value',
      head: 'Value',
      cell: ({ value, digest, published }) => (
        <>
          <LabelValue value={value} isWhole={value.length < SHOWN} wholeHref={`#${digest}`} />
          {targets.length > 1 && (
            <span className="mt-0.5 block text-xs text-muted">
              On {targets.find((target) => target.digest === digest)?.name}
            </span>
          )}
          {published && (
            <span className="mt-0.5 block text-xs text-muted">
              <Link href={manifestHref(place, published)} className="text-accent underline-offset-2 hover:underline">
                Published as a referrer
              </Link>
            </span>
          )}
        </>
      ),
    },
    {
      id: 'by',
      width: 11,
      head: 'Added by',
      cell: ({ createdBy, createdAt, source }) => (
        <>
          <SafeText text={createdBy} />
          <span className="block text-xs text-muted">
            <Time iso={new Date(createdAt).toISOString()} />
            {source === 'api' && ', by a script'}
          </span>
        </>
      ),
    },
    ...(mayEdit
      ? [
          {
            id: 'delete',
            role: 'trail',
            width: 5,
            head: <span className="sr-only">Delete</span>,
            cell: (label) => <DeleteLabel place={place} label={label} />,
          } satisfies Column<AddedLabel>,
        ]
      : []),
  ]
}

/** Characters of a value that are shown without folding. */
const SHOWN = 300
