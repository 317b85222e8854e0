import { CircleCheck, CircleX, HardDrive, Lock, SkipForward, Tag, Trash2 } from 'lucide-react'
import { Link } from '@/components/ui/link'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatBytes, formatCount, plural } from '@/lib/format/bytes'
import { planHref } from '@/lib/routes/href'
import { type PlanShow, planPageQuery } from '@/lib/routes/plan-page-query'

/** Four numbers; each leads to its part of the list below. */
export function PlanNumbers({ page }: { page: PlanPage }) {
  const { plan } = page
  const facts = plan.startedAt ? resultFacts(page) : planFacts(page)
  return (
    <ul className="mb-4 grid grid-cols-2 overflow-hidden rounded-xl border bg-surface shadow-xs lg:grid-cols-4">
      {facts.map(({ Icon, label, value, unit, detail, show, tone }) => {
        const content = (
          <>
            <span className="flex items-center gap-1.5 text-xs text-muted">
              <Icon aria-hidden className={`size-3.5 ${tone}`} />
              {label}
            </span>
            <span className="mt-1 block text-lg font-semibold tabular">
              {value} {unit && <span className="text-sm font-normal text-muted">{unit}</span>}
            </span>
            <span className="block text-xs text-muted">{detail}</span>
          </>
        )
        return (
          <li key={label} className="border-line not-first:border-s">
            {show ? (
              <Link
                href={planHref(plan.id, planPageQuery({ show, page: 1 }))}
                className="block px-4 py-3 hover:bg-sunken"
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
  const { imagesDeleted, imagesKept, protected: locked, skipped, unticked } = page.counts
  const left = locked.tags + skipped.tags + unticked.tags
  return [
    {
      Icon: Trash2,
      label: 'Deleted',
      value: formatCount(imagesDeleted.images),
      unit: imagesDeleted.images === 1 ? 'image' : 'images',
      detail: `with ${plural(imagesDeleted.tags, 'tag')}`,
      show: 'image',
      tone: 'text-danger',
    },
    {
      Icon: Tag,
      label: 'Stay, fewer tags',
      value: formatCount(imagesKept.images),
      unit: imagesKept.images === 1 ? 'image' : 'images',
      detail: `${plural(imagesKept.tags, 'tag')} removed`,
      show: 'tags',
      tone: 'text-accent',
    },
    {
      Icon: Lock,
      label: 'Left alone',
      value: formatCount(left),
      unit: left === 1 ? 'tag' : 'tags',
      detail: `${formatCount(locked.tags)} protected, ${formatCount(skipped.tags)} skipped, ${formatCount(unticked.tags)} unticked`,
      show: 'left',
      tone: 'text-muted',
    },
    freed(page),
  ]
}

function resultFacts(page: PlanPage): Fact[] {
  const { done, failed, moved, restored } = page.counts
  const isUndone = page.plan.state === 'undone'
  const count = isUndone ? restored : done
  return [
    {
      Icon: CircleCheck,
      label: isUndone ? 'Restored' : 'Deleted',
      value: formatCount(count.tags),
      unit: count.tags === 1 ? 'tag' : 'tags',
      detail: `on ${plural(count.images, 'image')}`,
      show: 'done',
      tone: 'text-good',
    },
    {
      Icon: CircleX,
      label: 'Failed',
      value: formatCount(failed.tags),
      unit: failed.tags === 1 ? 'tag' : 'tags',
      detail: `on ${plural(failed.images, 'image')}`,
      show: 'attention',
      tone: 'text-danger',
    },
    {
      Icon: SkipForward,
      label: 'Skipped',
      value: formatCount(moved.tags),
      unit: moved.tags === 1 ? 'tag' : 'tags',
      detail: 'changed after the plan was made',
      show: 'attention',
      tone: 'text-muted',
    },
    freed(page),
  ]
}

/** An estimate says that it is one. */
function freed({ plan: { frees, freesAtMost } }: PlanPage): Fact {
  return {
    Icon: HardDrive,
    label: frees === undefined ? 'Frees at most' : 'Frees about',
    value: formatBytes(frees ?? freesAtMost),
    detail: 'for the whole plan, not before garbage collection',
    tone: 'text-muted',
  }
}
