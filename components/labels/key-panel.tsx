import { Check } from 'lucide-react'
import { Breakable } from '@/components/ui/breakable'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import type { LabelKey } from '@/lib/data/labels/read-labels'
import { formatCount, plural } from '@/lib/format/bytes'
import { visibleText } from '@/lib/format/visible-text'
import { labelsHref } from '@/lib/routes/labels-href'
import { type LabelsPageState, MOST_COLUMNS } from '@/lib/routes/labels-page-query'
import { shortKey } from './short-key'

const SHOWN = 12
/** The rest is listed by the tab of keys. */
const LISTED = 200

/** The keys there are, to choose the columns of the matrix from. */
export function KeyPanel({
  keys,
  total,
  chosen,
  state,
}: {
  keys: readonly LabelKey[]
  /** How many there are. */
  total: number
  chosen: readonly string[]
  state: LabelsPageState
}) {
  const most = Math.max(1, ...keys.map(({ images }) => images))
  const row = (key: LabelKey) => (
    <KeyRow
      key={key.key}
      entry={key}
      share={key.images / most}
      isChosen={chosen.includes(key.key)}
      {...{ chosen, state }}
    />
  )
  const [first, more] = [keys.slice(0, SHOWN), keys.slice(SHOWN, LISTED)]
  return (
    <aside aria-label="Columns" className="lg:w-56 lg:shrink-0">
      <h2 className="mb-2 text-sm font-medium">
        Keys{' '}
        <span className="text-xs font-normal text-muted">
          {chosen.length} of {formatCount(total)} shown
        </span>
      </h2>
      {chosen.length >= MOST_COLUMNS && (
        <p className="mb-2 text-xs text-warn">
          At most {MOST_COLUMNS} are shown at once. Deselect one to choose another.
        </p>
      )}
      <input id="show-keys" type="checkbox" className="peer sr-only lg:hidden" />
      <label
        htmlFor="show-keys"
        className="inline-flex h-8 cursor-pointer items-center rounded-md border bg-surface px-3 text-sm font-medium shadow-xs peer-focus-visible:outline-2 lg:hidden"
      >
        Choose keys
      </label>
      <div className="max-lg:mt-3 max-lg:hidden max-lg:peer-checked:block">
        <ul className={LIST}>{first.map(row)}</ul>
        {more.length > 0 && (
          // What is chosen is in view.
          <details open={more.some(({ key }) => chosen.includes(key))}>
            <summary className="mt-2 text-xs font-medium text-accent">
              {plural(total - first.length, 'more key')}
            </summary>
            <ul className={cn(LIST, 'mt-2')}>{more.map(row)}</ul>
            {total > LISTED && (
              <Link
                href={labelsHref({ ...state, view: 'keys', key: null })}
                className="mt-2 block text-xs font-medium text-accent underline-offset-2 hover:underline"
              >
                All {formatCount(total)} keys
              </Link>
            )}
          </details>
        )}
      </div>
    </aside>
  )
}

interface KeyRowProps {
  entry: LabelKey
  share: number
  isChosen: boolean
  chosen: readonly string[]
  state: LabelsPageState
}

function KeyRow({ entry: { key, images, values }, share, isChosen, chosen, state }: KeyRowProps) {
  const keys = isChosen ? chosen.filter((other) => other !== key) : [...chosen, key]
  const isRefused = keys.length > MOST_COLUMNS
  const content = (
    <>
      <span
        aria-hidden
        className={cn(
          'grid size-4 translate-y-0.5 self-start rounded border border-muted',
          isChosen && 'place-items-center border-transparent bg-accent text-accent-ink',
        )}
      >
        {isChosen && <Check className="size-3" />}
      </span>
      <span className="min-w-0">
        <Breakable text={shortKey(visibleText(key))} />
      </span>
      <span className="tabular text-xs text-muted">{formatCount(images)}</span>
      <span className="col-start-2 col-end-4 mt-1 block h-1 rounded-full bg-sunken">
        <span
          className={cn('block h-1 rounded-full', isChosen ? 'bg-accent' : 'bg-muted')}
          style={{ width: `${Math.max(2, share * 100)}%` }}
        />
      </span>
    </>
  )
  return (
    <li>
      {isRefused ? (
        <span className={cn(ROW, 'text-muted')} title={visibleText(key)}>
          {content}
        </span>
      ) : (
        <Link
          href={labelsHref({ ...state, keys, page: 1, after: null })}
          scroll={false}
          aria-label={`${isChosen ? 'Hide' : 'Show'} ${key}`}
          title={visibleText(key)}
          className={cn(ROW, 'hover:text-accent')}
        >
          {content}
        </Link>
      )}
      <Link
        href={labelsHref({ ...state, view: 'keys', key })}
        className="ml-6 text-2xs text-muted underline-offset-2 hover:underline"
      >
        {plural(values, 'value')}
      </Link>
    </li>
  )
}

const LIST = 'grid gap-x-6 gap-y-2.5 max-lg:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))]'
const ROW = 'grid grid-cols-[1rem_minmax(0,1fr)_auto] items-baseline gap-x-2 text-sm'
