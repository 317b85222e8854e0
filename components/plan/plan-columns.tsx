import { CircleCheck, CircleDashed, CircleX, SkipForward, TriangleAlert, Undo2 } from 'lucide-react'
import { Bytes } from '@/components/ui/bytes'
import { swatchClass } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import type { Column } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { Outcome } from '@/lib/data/plans/plan'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'

type Item = PlanPage['items'][number]

interface PlanColumnsOptions {
  readonly page: PlanPage
  /** Absent where the plan can't be edited. */
  readonly onTick?: ((positions: readonly number[], ticked: boolean) => void) | undefined
}

/** What is said of each item: before a run what will happen to it, afterwards what did. */
export function planColumns({ page, onTick }: PlanColumnsOptions): Column<Item>[] {
  return page.plan.startedAt === undefined ? draftColumns(page, onTick) : runColumns()
}

function draftColumns({ items }: PlanPage, onTick: PlanColumnsOptions['onTick']): Column<Item>[] {
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
          aria-label="Tick all on this page"
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
            aria-label={`Delete ${item.tags.join(', ')}`}
            disabled={!onTick}
            checked={item.ticked}
            onChange={({ target }) => onTick?.([item.position], target.checked)}
          />
        ),
    },
    { id: 'tags', role: 'name', head: 'Tags and image', cell: (item) => <Tags item={item} isDraft /> },
    { id: 'affects', width: '30%', min: 12, head: 'What happens', cell: (item) => <Affects item={item} /> },
    {
      id: 'frees',
      width: 7,
      align: 'end',
      head: 'Frees about',
      stacked: 'frees about',
      cell: (item) => <Frees item={item} />,
    },
    { id: 'created', width: 7.5, align: 'end', priority: 1, head: 'Created', stacked: 'created', cell: created },
  ]
}

function runColumns(): Column<Item>[] {
  return [
    { id: 'outcome', width: 8, head: 'Outcome', cell: (item) => <OutcomeMark item={item} /> },
    { id: 'tags', role: 'name', head: 'Tags and image', cell: (item) => <Tags item={item} /> },
    {
      id: 'detail',
      width: '36%',
      min: 12,
      head: 'Detail',
      cell: (item) => (item.detail ? <SafeText text={item.detail} /> : <Affects item={item} />),
    },
    {
      id: 'at',
      width: 7.5,
      align: 'end',
      priority: 1,
      head: 'At',
      cell: ({ endedAt }) => endedAt && <Time iso={endedAt} className="quiet" />,
    },
  ]
}

function isEditable({ kind }: Item): boolean {
  return kind === 'image' || kind === 'tags'
}

function Tags({ item, isDraft = false }: { item: Item; isDraft?: boolean }) {
  const isGoing = isDraft ? item.ticked : (tag: string) => item.removed.includes(tag) && item.outcome !== 'restored'
  const isDeleted = (tag: string) => (typeof isGoing === 'boolean' ? isGoing : isGoing(tag))
  return (
    <>
      <span className="chips">
        {item.tags.map((tag) => (
          <span key={tag} className={isDeleted(tag) ? 'chip deleted' : 'chip'}>
            {tag}
          </span>
        ))}
        {item.keptBy.length > 0 && <span className="text-xs text-muted">kept by</span>}
        {item.keptBy.slice(0, 6).map((tag) => (
          <span key={tag} className="chip kept">
            {tag}
          </span>
        ))}
        {item.keptBy.length > 6 && <span className="text-xs text-muted">{item.keptBy.length - 6} more</span>}
      </span>
      {item.digest && (
        <small>
          <i aria-hidden className={swatchClass(item.digest)} />{' '}
          <span className="mono">{shortDigest(item.digest)}</span> {item.holds.platforms > 0 && 'multi-platform image'}
        </small>
      )}
    </>
  )
}

function Affects({ item: { kind, holds, reason, ticked } }: { item: Item }) {
  if (reason) return <SafeText text={reason} />
  if (!ticked) return 'Unticked: stays'
  if (kind === 'tags') return 'Image stays whole'
  const { platforms, signatures, attachments } = holds
  const attached = [
    attachments > 0 && `${plural(attachments, 'attachment')} left without its image`,
    platforms > 0 && `${plural(platforms, 'platform')} left untagged`,
  ].filter(Boolean)
  return (
    <>
      {signatures > 0 && (
        <span className="text-warn">
          <TriangleAlert aria-hidden className="inline size-3.5" /> signed
        </span>
      )}
      {signatures > 0 && attached.length > 0 && ', '}
      {attached.join(', ')}
      {signatures === 0 && attached.length === 0 && 'Image'}
    </>
  )
}

function Frees({ item: { kind, frees, size } }: { item: Item }) {
  if (kind === 'tags') return 'nothing'
  if (kind !== 'image') return null
  if (frees !== undefined) return <Bytes bytes={frees} className="tabular" />
  return size === undefined ? <span className="unknown">unknown</span> : <span>at most {<Bytes bytes={size} />}</span>
}

function created({ created: iso, digest }: Item) {
  if (!digest) return null
  return iso ? <Time iso={iso} format="age-or-date" className="quiet" /> : <span className="unknown">unknown</span>
}

const OUTCOMES: Readonly<
  Record<Outcome, { readonly Icon: typeof CircleX; readonly text: string; readonly tone: string }>
> = {
  deleted: { Icon: CircleCheck, text: 'Deleted', tone: 'text-good' },
  untagged: { Icon: CircleCheck, text: 'Tag removed', tone: 'text-good' },
  partly: { Icon: CircleX, text: 'Partly', tone: 'text-danger' },
  failed: { Icon: CircleX, text: 'Failed', tone: 'text-danger' },
  moved: { Icon: SkipForward, text: 'Skipped', tone: 'text-muted' },
  restored: { Icon: Undo2, text: 'Restored', tone: 'text-accent' },
}

function OutcomeMark({ item: { outcome, kind, ticked } }: { item: Item }) {
  if (!outcome) {
    const isLeft = !ticked || kind === 'protected' || kind === 'skipped'
    return (
      <span className="flex items-center gap-1.5 text-muted">
        {isLeft ? <SkipForward aria-hidden className="size-4" /> : <CircleDashed aria-hidden className="size-4" />}
        {kind === 'protected' ? 'Protected' : isLeft ? 'Left alone' : 'Waiting'}
      </span>
    )
  }
  const { Icon, text, tone } = OUTCOMES[outcome]
  return (
    <span className={`flex items-center gap-1.5 ${tone}`}>
      <Icon aria-hidden className="size-4" />
      {text}
    </span>
  )
}
