import { Tag } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { CopyButton } from '@/components/ui/copy-button'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { LabelRow } from '@/lib/data/manifest/label-rows'
import { plural } from '@/lib/format/bytes'
import { cutText } from '@/lib/format/folding'
import type { Page } from '@/lib/format/page-of'
import { manifestHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery } from '@/lib/routes/manifest-page-query'
import { CopyLabels } from './copy-labels'
import { LabelFilter } from './label-filter'
import { LabelValue } from './label-value'
import type { ManifestPlace } from './manifest-place'

interface LabelTableProps {
  /** Labels that match the filter. */
  rows: Page<LabelRow>
  /** Regardless of the filter. */
  total: number
  /** Shows its values in full, whatever their length. */
  isWhole: boolean
  place: ManifestPlace
  state: ManifestPageState
}

/** Labels and annotations, each with its origin. Values are text, whatever they look like. */
export function LabelTable({ rows, total, isWhole, place, state }: LabelTableProps) {
  if (total === 0)
    return (
      <Empty icon={Tag} title="No labels">
        Neither the image’s config nor its manifest has labels or annotations. Set them with LABEL in the Dockerfile.
      </Empty>
    )
  const href = (change: Partial<ManifestPageState>) =>
    manifestHref(place, place.selector, manifestPageQuery({ ...state, ...change }))
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        {isWhole ? (
          <Link href={href({ label: null })} className="text-sm text-accent underline-offset-2 hover:underline">
            All {plural(total, 'label')}
          </Link>
        ) : (
          <>
            <div className="w-full sm:w-72">
              <LabelFilter place={place} state={state} />
            </div>
            <p role="status" className="text-xs text-muted">
              {state.q ? `${plural(rows.total, 'label')} of ${total} match` : plural(total, 'label')}
            </p>
            <CopyLabels place={place} state={state} />
          </>
        )}
      </div>
      {rows.total === 0 ? (
        <Empty icon={Tag} title="No label matches">
          Try fewer words. The filter looks in keys and values.
        </Empty>
      ) : (
        <Table
          name="labels"
          caption="Labels and annotations"
          isText
          columns={labelColumns(isWhole, (label) => href({ label }))}
          rows={rows.items}
          rowKey={({ id }) => id}
        />
      )}
      <Pager count={rows.total} size={rows.size} page={rows.page} hrefOf={(page) => href({ page })} />
    </div>
  )
}

function labelColumns(isWhole: boolean, wholeHref: (id: string) => string): Column<LabelRow>[] {
  return [
    {
      id: 'key',
      role: 'name',
      width: '34%',
      head: 'Key',
      cell: ({ key }) => <SafeText text={key} className="mono" longest={LONGEST_KEY} />,
    },
    {
      id: 'value',
      head: 'Value',
      cell: (row) => (
        <>
          <LabelValue value={row.value} isWhole={isWhole} wholeHref={wholeHref(row.id)} />
          {row.type && <span className="mt-0.5 block text-xs text-warn">A {row.type} in the config, not text</span>}
          {row.overrides !== undefined && (
            <span className="mt-0.5 block text-xs text-muted">
              In the config: <SafeText text={row.overrides.slice(0, OTHER)} />
            </span>
          )}
          {row.elsewhere.length > 0 && <Elsewhere others={row.elsewhere} />}
        </>
      ),
    },
    {
      id: 'origin',
      head: 'Origin',
      width: 11,
      cell: ({ origin }) => <Badge tone={origin === 'config label' ? 'neutral' : 'accent'}>{origin}</Badge>,
    },
    {
      id: 'copy',
      role: 'trail',
      width: 3.25,
      head: <span className="sr-only">Copy</span>,
      cell: ({ key, value }) =>
        (isWhole || value.length <= COPIED) && (
          <CopyButton text={value} label={`Copy the value of ${cutText(key, LONGEST_KEY).shown}`} size="icon-xs" />
        ),
    },
  ]
}

/** Characters of a key that are shown. */
const LONGEST_KEY = 300
/** A longer value is copied from its own view: here it would be on the page twice. */
const COPIED = 1024
/** Of another platform's value, enough to see the difference. */
const OTHER = 200
const NAMED = 4

function Elsewhere({ others }: { others: LabelRow['elsewhere'] }) {
  return (
    <ul className="mt-1 space-y-0.5 text-xs text-warn">
      {others.slice(0, NAMED).map(({ platform, value }) => (
        <li key={platform}>
          {platform}: {value === undefined ? 'not set' : <SafeText text={value.slice(0, OTHER)} />}
        </li>
      ))}
      {others.length > NAMED && <li>and {plural(others.length - NAMED, 'other platform')}</li>}
    </ul>
  )
}
