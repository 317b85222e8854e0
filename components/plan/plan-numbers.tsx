import { ArrowRight, CircleCheck, CircleX, HardDrive, Lock, Plus, SkipForward, Tag, Trash2, Undo2 } from 'lucide-react'
import { FIGURES } from '@/components/ui/figures'
import { Link } from '@/components/ui/link'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatBytes, formatCount, plural } from '@/lib/format/bytes'
import { deletes, planCount, planUnit } from '@/lib/format/plan-unit'
import { planHref } from '@/lib/routes/href'
import { type PlanShow, planPageQuery } from '@/lib/routes/plan-page-query'

/** Four numbers; each leads to its part of the list below. */
export function PlanNumbers({ page }: { page: PlanPage }) {
  const { plan } = page
  const facts = plan.startedAt ? resultFacts(page) : FACTS[plan.work](page)
  return (
    <ul className={`mb-4 ${FIGURES}`}>
      {facts.map(({ Icon, label, value, unit, detail, show, tone }) => {
        const content = (
          <>
            <span className="flex items-center gap-1.5 text-xs text-muted">
              <Icon aria-hidden className={`size-3.5 ${value === '0' ? 'text-muted' : tone}`} />
              {label}
            </span>
            <span className="mt-1 block text-lg font-semibold tabular">
              {value} {unit && <span className="text-sm font-normal text-muted">{unit}</span>}
            </span>
            <span className="block text-xs text-muted">{detail}</span>
          </>
        )
        return (
          <li key={label} className="bg-surface">
            {show ? (
              <Link
                href={planHref(plan.id, planPageQuery({ show, page: 1, q: '', by: 'image' }))}
                className="block h-full px-4 py-3 hover:bg-sunken"
              >
                {content}
              </Link>
            ) : (
              <div className="px-4 py-3">{content}</div>
            )}
          </li>
        )
      })}
    </ul>
  )
}

interface Fact {
  readonly Icon: typeof Tag
  readonly label: string
  readonly value: string
  readonly unit?: string
  readonly detail: string
  readonly show?: PlanShow
  readonly tone: string
}

function planFacts(page: PlanPage): Fact[] {
  const { imagesDeleted, imagesKept } = page.counts
  return [
    {
      Icon: Trash2,
      label: 'To delete',
      ...counted(imagesDeleted.images, 'image'),
      detail: `with ${plural(imagesDeleted.tags, 'tag')}`,
      show: 'image',
      tone: 'text-danger',
    },
    {
      Icon: Tag,
      label: 'Kept, fewer tags',
      ...counted(imagesKept.images, 'image'),
      detail: `${plural(imagesKept.tags, 'tag')} to remove`,
      show: 'tags',
      tone: 'text-accent',
    },
    leftAlone(page),
    freed(page),
  ]
}

function retagFacts(page: PlanPage): Fact[] {
  const { created, repointed } = page.counts
  return [
    {
      Icon: Tag,
      label: 'To add',
      ...counted(created.tags, 'tag'),
      detail: 'next to the selected tags',
      show: 'create',
      tone: 'text-good',
    },
    {
      Icon: ArrowRight,
      label: 'To move',
      ...counted(repointed.tags, 'tag'),
      detail: 'to another image',
      show: 'move',
      tone: 'text-accent',
    },
    leftAlone(page),
  ]
}

function untaggedFacts(page: PlanPage): Fact[] {
  const [deleted] = planFacts(page)
  return [...(deleted ? [{ ...deleted, detail: 'that no tag leads to' }] : []), leftAlone(page), freed(page)]
}

function labelFacts(page: PlanPage): Fact[] {
  const { labelled } = page.counts
  return [
    {
      Icon: Plus,
      label: 'To label',
      ...counted(labelled.images, 'image'),
      detail: `with ${plural(labelled.tags, 'selected tag')}`,
      show: 'label',
      tone: 'text-good',
    },
    leftAlone(page),
  ]
}

const FACTS: Readonly<Record<PlanPage['plan']['work'], (page: PlanPage) => Fact[]>> = {
  delete: planFacts,
  retag: retagFacts,
  label: labelFacts,
  untagged: untaggedFacts,
}

function leftAlone({ plan: { work }, counts }: PlanPage): Fact {
  const locked = planCount(work, counts.protected)
  const skipped = planCount(work, counts.skipped)
  const unticked = planCount(work, counts.unticked)
  return {
    Icon: Lock,
    label: 'Left alone',
    ...counted(locked + skipped + unticked, planUnit(work)),
    detail: `${formatCount(locked)} protected, ${formatCount(skipped)} skipped, ${formatCount(unticked)} deselected`,
    show: 'left',
    tone: 'text-muted',
  }
}

function resultFacts(page: PlanPage): Fact[] {
  const { done, failed, moved, restored } = page.counts
  const { work } = page.plan
  const unit = planUnit(work)
  const isUndone = page.plan.state === 'undone'
  const hasRestored = planCount(work, restored) > 0
  const count = isUndone ? restored : done
  const on = ({ images, tags }: typeof done) =>
    unit === 'tag'
      ? `on ${plural(images, 'image')}`
      : work === 'untagged'
        ? 'that no tag leads to'
        : `with ${plural(tags, 'tag')}`
  return [
    {
      Icon: CircleCheck,
      label: isUndone ? UNDONE[work] : DONE[work],
      ...counted(planCount(work, count), unit),
      detail: on(count),
      show: isUndone ? 'restored' : 'done',
      tone: 'text-good',
    },
    ...(hasRestored && !isUndone ? [restoredFact(page)] : []),
    ...(isUndone && done.images > 0 ? [notUndoneFact(page)] : []),
    {
      Icon: CircleX,
      label: 'Failed',
      ...counted(planCount(work, failed), unit),
      detail: on(failed),
      show: 'attention',
      tone: 'text-danger',
    },
    {
      Icon: SkipForward,
      label: 'Skipped',
      ...counted(planCount(work, moved), unit),
      detail: 'left alone; the list says why',
      show: 'attention',
      tone: 'text-muted',
    },
    ...(deletes(work) && !hasRestored ? [freed(page)] : []),
  ]
}

/** What came back from the trash, or by an undo that left the others. */
function restoredFact({ plan: { work }, counts: { restored } }: PlanPage): Fact {
  return {
    Icon: Undo2,
    label: UNDONE[work],
    ...counted(planCount(work, restored), planUnit(work)),
    detail: 'since the run, from the trash or by an undo',
    show: 'restored',
    tone: 'text-accent',
  }
}

/** Tags that were in use again. */
function notUndoneFact({ plan: { work }, counts: { done } }: PlanPage): Fact {
  return {
    Icon: SkipForward,
    label: 'Not undone',
    ...counted(planCount(work, done), planUnit(work)),
    detail: 'left alone; the list says why',
    show: 'done',
    tone: 'text-muted',
  }
}

type Words = Readonly<Record<PlanPage['plan']['work'], string>>

const DONE: Words = { delete: 'Deleted', retag: 'Tagged', label: 'Labelled', untagged: 'Deleted' }
const UNDONE: Words = { delete: 'Restored', retag: 'Restored', label: 'Label removed', untagged: 'Restored' }

/** An estimate says that it is one. It was made for every image of the plan: a part of them frees less. */
function freed({ plan: { work, startedAt, frees, freesAtMost }, counts }: PlanPage): Fact {
  const left = startedAt
    ? [counts.unticked, counts.waiting, counts.failed, counts.moved]
    : [counts.unticked, counts.skipped]
  const isWhole = left.every((count) => count.images === 0)
  const goes = startedAt ? counts.done : counts.imagesDeleted
  return {
    Icon: HardDrive,
    label: frees !== undefined && isWhole ? 'Frees about' : 'Frees at most',
    value: formatBytes(planCount(work, goes) === 0 ? 0 : (frees ?? freesAtMost)),
    detail: 'for the whole plan, not before garbage collection',
    tone: 'text-muted',
  }
}

function counted(count: number, unit: string): Pick<Fact, 'value' | 'unit'> {
  return { value: formatCount(count), unit: count === 1 ? unit : `${unit}s` }
}
