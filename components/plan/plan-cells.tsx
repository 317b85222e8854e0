import { ArrowRight, CircleCheck, CircleDashed, CircleX, SkipForward, TriangleAlert, Undo2 } from 'lucide-react'
import { Bytes } from '@/components/ui/bytes'
import { swatchClass } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { shortDigest } from '@/lib/format/digest'
import { labelText, leftBehind, mayContinue } from './plan-words'
import { shownOutcome } from './shown-outcome'

type Item = PlanPage['items'][number]

interface PlannedProps {
  item: Item
  plan: PlanPage['plan']
}

/** Which tags, and of which image. */
export function Subject({ item, plan }: PlannedProps) {
  return plan.work === 'retag' ? <NewTag item={item} /> : <Tags item={item} plan={plan} />
}

function Tags({ item, plan: { work, startedAt } }: PlannedProps) {
  const isDeleted = (tag: string) => {
    if (work === 'label') return false
    return startedAt === undefined ? item.ticked : item.removed.includes(tag) && item.outcome !== 'restored'
  }
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
        <small className="flex flex-wrap items-center gap-x-1.5">
          <i aria-hidden className={swatchClass(item.digest)} />
          <span className="mono">{shortDigest(item.digest)}</span>
          {item.holds.platforms > 0 && <span>multi-platform image</span>}
        </small>
      )}
    </>
  )
}

/** A new tag next to its original. */
function NewTag({ item: { tags, keptBy, digest, kind } }: { item: Item }) {
  return (
    <>
      <span className="chips">
        {keptBy.map((tag) => (
          <span key={tag} className="chip">
            {tag}
          </span>
        ))}
        <ArrowRight aria-label="becomes" className="size-3.5 text-faint" />
        {tags.map((tag) => (
          <span key={tag} className={kind === 'create' ? 'chip kept' : kind === 'move' ? 'chip moving' : 'chip'}>
            {tag}
          </span>
        ))}
      </span>
      {digest && (
        <small className="flex items-center gap-x-1.5">
          <i aria-hidden className={swatchClass(digest)} />
          <span className="mono">{shortDigest(digest)}</span>
        </small>
      )}
    </>
  )
}

/** What happens to it, or why nothing does. */
export function Affects({ item, plan }: PlannedProps) {
  const { kind, holds, reason, ticked, was, outcome } = item
  if (reason) return <SafeText text={reason} />
  if (wasNotTried(item, plan)) return 'Unchanged'
  if (!ticked) return DESELECTED[kind]?.(shortDigest(was ?? '')) ?? 'Deselected: kept'
  if (kind === 'create') return outcome === 'restored' ? 'Tag removed again' : 'New tag'
  if (kind === 'move') return `${MOVES[outcome ?? 'planned'] ?? 'Moves from'} ${shortDigest(was ?? '')}`
  if (kind === 'label') return <SafeText text={`${LABELS[outcome ?? 'planned'] ?? 'Gets'} ${labelText(plan)}`} />
  if (kind === 'tags') return 'Image is kept'
  const { signatures } = holds
  const left = leftBehind(holds, plan)
  return (
    <>
      {signatures > 0 && (
        <span className="text-warn">
          <TriangleAlert aria-hidden className="inline size-3.5" /> signed
        </span>
      )}
      {signatures > 0 && left !== '' && ', '}
      {left}
      {signatures === 0 && left === '' && imageText(outcome)}
    </>
  )
}

const DESELECTED: Readonly<Partial<Record<Item['kind'], (was: string) => string>>> = {
  create: () => 'Deselected: not added',
  move: (was) => `Deselected: stays on ${was}`,
  label: () => 'Deselected: not labelled',
}
const MOVES: Readonly<Record<string, string>> = { tagged: 'Moved from', restored: 'Back on' }
const LABELS: Readonly<Record<string, string>> = { labelled: 'Has', restored: 'No longer has' }

function imageText(outcome: Item['outcome']): string {
  switch (outcome) {
    case 'restored':
      return 'Image restored'
    case undefined:
      return 'Deletes the image'
    default:
      return 'Image deleted'
  }
}

export function Frees({ item: { kind, frees, size } }: { item: Item }) {
  if (kind === 'tags') return 'nothing'
  if (kind !== 'image') return null
  if (frees !== undefined) return <Bytes bytes={frees} className="tabular" />
  return size === undefined ? <span className="unknown">unknown</span> : <span>at most {<Bytes bytes={size} />}</span>
}

export function Created({ item: { created: iso, digest } }: { item: Item }) {
  if (!digest) return null
  return iso ? <Time iso={iso} format="age-or-date" className="quiet" /> : <span className="unknown">unknown</span>
}

const OUTCOMES: Readonly<
  Record<
    ReturnType<typeof shownOutcome>,
    { readonly Icon: typeof CircleX; readonly text: string; readonly tone: string }
  >
> = {
  deleted: { Icon: CircleCheck, text: 'Deleted', tone: 'text-good' },
  untagged: { Icon: CircleCheck, text: 'Tag removed', tone: 'text-good' },
  tagged: { Icon: CircleCheck, text: 'Tagged', tone: 'text-good' },
  labelled: { Icon: CircleCheck, text: 'Labelled', tone: 'text-good' },
  partly: { Icon: CircleX, text: 'Partly', tone: 'text-danger' },
  failed: { Icon: CircleX, text: 'Failed', tone: 'text-danger' },
  moved: { Icon: SkipForward, text: 'Skipped', tone: 'text-muted' },
  'part-moved': { Icon: SkipForward, text: 'Partly skipped', tone: 'text-muted' },
  restored: { Icon: Undo2, text: 'Restored', tone: 'text-accent' },
  'part-restored': { Icon: Undo2, text: 'Partly restored', tone: 'text-accent' },
}

/** The run ended before its turn, and won’t continue. */
function wasNotTried({ outcome, ticked }: Item, plan: PlannedProps['plan']): boolean {
  return !outcome && ticked && !mayContinue(plan)
}

export function OutcomeMark({ item, plan }: PlannedProps) {
  const { outcome, kind, ticked } = item
  if (!outcome) {
    const isLeft = !ticked || kind === 'protected' || kind === 'skipped' || wasNotTried(item, plan)
    return (
      <span className="flex items-baseline gap-1.5 text-muted">
        {isLeft ? (
          <SkipForward aria-hidden className="size-4 self-center" />
        ) : (
          <CircleDashed aria-hidden className="size-4 self-center" />
        )}
        {kind === 'protected'
          ? 'Protected'
          : !isLeft
            ? 'Waiting'
            : wasNotTried(item, plan)
              ? 'Not tried'
              : 'Left alone'}
      </span>
    )
  }
  const { Icon, text, tone } = OUTCOMES[shownOutcome(item, outcome)]
  return (
    <span className={`flex items-baseline gap-1.5 ${tone}`}>
      <Icon aria-hidden className="size-4 self-center" />
      {text}
    </span>
  )
}
