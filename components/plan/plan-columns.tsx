import { Button } from '@/components/ui/button'
import { SafeText } from '@/components/ui/safe-text'
import type { Column } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { shortDigest } from '@/lib/format/digest'
import { deletes } from '@/lib/format/plan-unit'
import { Affects, Created, Frees, OutcomeMark, Subject } from './plan-cells'

type Item = PlanPage['items'][number]

interface PlanColumnsOptions {
  readonly page: PlanPage
  /** Absent where nothing can be retried. */
  readonly onRetry?: ((position: number) => void) | undefined
  /** Absent where the plan can't be edited. */
  readonly onTick?: ((positions: readonly number[], ticked: boolean) => void) | undefined
}

/** The columns of each item: before a run what will happen to it, afterwards what did. */
export function planColumns({ page, onTick, onRetry }: PlanColumnsOptions): Column<Item>[] {
  return page.plan.startedAt === undefined ? draftColumns(page, onTick) : runColumns(page, onRetry)
}

function draftColumns({ items, plan }: PlanPage, onTick: PlanColumnsOptions['onTick']): Column<Item>[] {
  const editable = items.filter(isEditable)
  const ticked = editable.filter((item) => item.ticked).length
  return [
    {
      id: 'tick',
      role: 'lead',
      width: 2.5,
      head: editable.length > 0 && (
        <input
          type="checkbox"
          aria-label="Select all on this page"
          disabled={!onTick}
          checked={ticked === editable.length}
          onChange={({ target }) =>
            onTick?.(
              editable.map(({ position }) => position),
              target.checked,
            )
          }
        />
      ),
      cell: (item) =>
        isEditable(item) && (
          <input
            type="checkbox"
            aria-label={`${VERBS[item.kind] ?? 'Delete'} ${nameOf(item)}`}
            disabled={!onTick}
            checked={item.ticked}
            onChange={({ target }) => onTick?.([item.position], target.checked)}
          />
        ),
    },
    {
      id: 'tags',
      role: 'name',
      head: 'Tags and image',
      cell: (item) => <Subject item={item} plan={plan} />,
    },
    { id: 'affects', width: '30%', min: 12, head: 'What happens', cell: (item) => <Affects item={item} plan={plan} /> },
    ...(deletes(plan.work) ? [FREES] : []),
    plan.work === 'untagged' ? SINCE : CREATED,
  ]
}

function runColumns({ plan, items }: PlanPage, onRetry: PlanColumnsOptions['onRetry']): Column<Item>[] {
  return [
    { id: 'outcome', width: 8.5, head: 'Outcome', cell: (item) => <OutcomeMark item={item} plan={plan} /> },
    {
      id: 'tags',
      role: 'name',
      head: 'Tags and image',
      cell: (item) => <Subject item={item} plan={plan} />,
    },
    {
      id: 'detail',
      width: '36%',
      min: 12,
      head: 'Detail',
      cell: (item) => (item.detail ? <SafeText text={item.detail} /> : <Affects item={item} plan={plan} />),
    },
    {
      id: 'at',
      width: 7.5,
      align: 'end',
      priority: 1,
      head: 'At',
      cell: ({ endedAt }) => endedAt && <Time iso={endedAt} className="quiet" />,
    },
    ...(onRetry && items.some(hasFailed) ? [retryColumn(onRetry)] : []),
  ]
}

function retryColumn(onRetry: (position: number) => void): Column<Item> {
  return {
    id: 'retry',
    width: 5.5,
    align: 'end',
    head: <span className="sr-only">Retry</span>,
    cell: (item) =>
      hasFailed(item) && (
        <Button size="sm" aria-label={`Retry ${nameOf(item)}`} onClick={() => onRetry(item.position)}>
          Retry
        </Button>
      ),
  }
}

/** Where all its tags are deleted, and something else was found wrong, there is nothing to retry. */
function hasFailed({ outcome, kind, tags, removed }: Item): boolean {
  return outcome === 'failed' || (outcome === 'partly' && !(kind === 'tags' && removed.length === tags.length))
}

const CREATED: Column<Item> = {
  id: 'created',
  width: 7.5,
  align: 'end',
  priority: 1,
  head: 'Created',
  stacked: 'created',
  cell: (item) => <Created item={item} />,
}
const SINCE: Column<Item> = { ...CREATED, head: 'Untagged since', stacked: 'untagged since', width: 8.5 }

const FREES: Column<Item> = {
  id: 'frees',
  width: 7,
  align: 'end',
  head: 'Frees about',
  stacked: 'frees about',
  cell: (item) => <Frees item={item} />,
}

const VERBS: Readonly<Partial<Record<Item['kind'], string>>> = {
  create: 'Add',
  move: 'Move',
  label: 'Label',
}

function nameOf({ tags, digest = '' }: Item): string {
  return tags.length > 0 ? tags.join(', ') : shortDigest(digest)
}

function isEditable({ kind }: Item): boolean {
  return kind !== 'protected' && kind !== 'skipped'
}
