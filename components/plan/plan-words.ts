import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'
import { deletes, planCount, planUnit } from '@/lib/format/plan-unit'
import type { PlanShow } from '@/lib/routes/plan-page-query'

/** The heading answers what the page is about. */
export function titleOf(page: PlanPage): string {
  return TITLES[page.plan.work](page)
}

/** `team=quay`, a long value cut off. */
export function labelText({ label }: Pick<PlanPage['plan'], 'label'>): string {
  const { key = '', value = '' } = label ?? {}
  return `${key}=${value.length > 40 ? `${value.slice(0, 40)}…` : value}`
}

type Held = Pick<PlanPage['items'][number]['holds'], 'attachments' | 'platforms'>

/** What a deleted image leaves behind. The platforms of an image without a tag are in its plan, too. */
export function leftBehind({ attachments, platforms }: Held, { work }: Pick<PlanPage['plan'], 'work'>): string {
  return [
    attachments > 0 && `${plural(attachments, 'attachment')} left without ${attachments === 1 ? 'its' : 'their'} image`,
    platforms > 0 && work !== 'untagged' && `${plural(platforms, 'platform')} left untagged`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** Tags that may be meant and aren't in the plan. */
export function unjudgedText({ unjudged = 0 }: Pick<PlanPage['plan'], 'unjudged'>): string {
  if (unjudged === 0) return ''
  return `The query can’t judge ${plural(unjudged, 'tag')}, so ${unjudged === 1 ? 'it’s' : 'they’re'} skipped: the list says why.`
}

/** The tags that a run has left on their images. @param hasDeleted whether it deleted others */
export function stillThereText(tags: number, hasDeleted: boolean): string {
  if (tags === 0) return 'no other tag'
  if (tags === 1) return `the ${hasDeleted ? 'other' : 'only'} tag, on its image`
  return `${hasDeleted ? 'the other' : 'all'} ${plural(tags, 'tag')}, each on its image`
}

type Course = Pick<PlanPage['plan'], 'state' | 'startedAt' | 'endedAt'>

/** Whether what has no outcome yet may still get one: before its end, and not while or once it’s undone. */
export function mayContinue(plan: Course): boolean {
  return plan.startedAt === undefined || plan.state === 'paused' || (plan.state === 'running' && !isRetry(plan))
}

/** A run that had ended tries again what failed, and nothing else. */
export function isRetry({ state, endedAt }: Course): boolean {
  return state === 'running' && endedAt !== undefined
}

/** What was restored since has changed what the run’s verification found. */
export function hasRestored({ counts }: Pick<PlanPage, 'counts'>): boolean {
  return counts.restored.images > 0
}

/** The parts of a run that can be listed: `restored` and `waiting` only where there is something in them. */
export function runShows({ waiting, restored }: PlanPage['counts']): readonly PlanShow[] {
  return [
    'attention',
    'done',
    ...(restored.images > 0 ? (['restored'] as const) : []),
    ...(waiting.images > 0 ? (['waiting'] as const) : []),
  ]
}

/** How many are listed there: images where they go or are labelled, else tags. */
export function shownCount({ plan: { work }, counts }: Pick<PlanPage, 'plan' | 'counts'>, show: PlanShow): number {
  const of = (...parts: readonly (keyof PlanPage['counts'])[]) =>
    parts.reduce((sum, part) => sum + planCount(work, counts[part]), 0)
  switch (show) {
    case 'all':
      return of('planned', 'protected', 'skipped', 'unticked')
    case 'image':
      return counts.imagesDeleted.images
    case 'tags':
      return of('imagesKept')
    case 'create':
      return of('created')
    case 'move':
      return of('repointed')
    case 'label':
      return of('labelled')
    case 'left':
      return of('protected', 'skipped', 'unticked')
    case 'attention':
      return of('failed', 'moved')
    default:
      return of(show)
  }
}

function labelTitle({ plan, counts: { planned, done, restored } }: PlanPage): string {
  const where = `in ${plan.repository}`
  const text = labelText(plan)
  const images = `${plural(planned.images, 'image')} ${where}`
  const added = `${text} added to ${formatCount(done.images)} of ${images}`
  switch (plan.state) {
    case 'draft':
    case 'checking':
      return `Add ${text} to ${images}`
    case 'running':
      return isRetry(plan) ? `Retrying failed images of ${plan.repository}` : `Adding ${text} to ${images}`
    case 'paused':
      return `Paused: ${added}`
    case 'cancelled':
      return plan.startedAt ? `Cancelled: ${added}` : `Cancelled plan: no image ${where} was labelled`
    case 'finished':
      return `Added ${text} to ${formatCount(done.images)} of ${images}`
    case 'undoing':
      return `Removing ${text} from images ${where}`
    case 'undone':
      return `Removed ${text} from ${plural(restored.images, 'image')} ${where}`
  }
}

function retagTitle({ plan, counts: { planned, created, repointed, done, restored } }: PlanPage): string {
  const where = `in ${plan.repository}`
  const changed = `${formatCount(done.tags)} of ${plural(planned.tags, 'tag')} added or moved ${where}`
  switch (plan.state) {
    case 'draft':
    case 'checking':
      return repointed.tags > 0
        ? `Add ${plural(created.tags, 'tag')} and move ${formatCount(repointed.tags)} ${where}`
        : `Add ${plural(created.tags, 'tag')} ${where}`
    case 'running':
      return isRetry(plan)
        ? `Retrying failed tags of ${plan.repository}`
        : `Tagging ${plural(planned.tags, 'image')} ${where}`
    case 'paused':
      return `Paused: ${changed}`
    case 'cancelled':
      return plan.startedAt ? `Cancelled: ${changed}` : `Cancelled plan: no tag was added or moved ${where}`
    case 'finished':
      return changed
    case 'undoing':
      return `Undoing tags in ${plan.repository}`
    case 'undone':
      return `Undid ${plural(restored.tags, 'tag')} in ${plan.repository}`
  }
}

/** Of tags, with the images that go with them, or of untagged images. */
function deletionTitle({ plan, counts: { planned, imagesDeleted, done, restored } }: PlanPage): string {
  const from = `from ${plan.repository}`
  const noun = plan.work === 'untagged' ? 'untagged image' : 'tag'
  const numberOf = (count: typeof done) => planCount(plan.work, count)
  const all = plural(numberOf(planned), noun)
  const deleted = `${formatCount(numberOf(done))} of ${all} ${from}`
  switch (plan.state) {
    case 'draft':
    case 'checking':
      return plan.work === 'delete' && imagesDeleted.images > 0
        ? `Delete ${all} and ${plural(imagesDeleted.images, 'image')} ${from}`
        : `Delete ${all} ${from}`
    case 'running':
      return isRetry(plan) ? `Retrying failed ${noun}s of ${plan.repository}` : `Deleting ${all} ${from}`
    case 'paused':
      return `Paused: deleted ${deleted}`
    case 'cancelled':
      return plan.startedAt ? `Cancelled: deleted ${deleted}` : `Cancelled plan: nothing was deleted ${from}`
    case 'finished':
      return `Deleted ${deleted}`
    case 'undoing':
      return `Restoring ${noun}s in ${plan.repository}`
    case 'undone':
      return `Restored ${plural(numberOf(restored), noun)} in ${plan.repository}`
  }
}

/** What stays and why, or what is left to do. */
export function introOf({ plan, counts }: PlanPage): string {
  const { imagesKept } = counts
  const unit = planUnit(plan.work)
  const of = (part: 'protected' | 'skipped' | 'unticked' | 'done' | 'failed' | 'moved' | 'waiting' | 'restored') =>
    planCount(plan.work, counts[part])
  const [failed, moved, waiting, restored] = [of('failed'), of('moved'), of('waiting'), of('restored')]
  switch (plan.state) {
    case 'draft':
    case 'checking': {
      const left = of('protected') + of('skipped') + of('unticked')
      const parts = [
        plan.query &&
          `Tags that match ${plan.query}${plan.leftOut > 0 ? `, except ${formatCount(plan.leftOut)}` : ''}.`,
        unjudgedText(plan),
        imagesKept.images > 0 &&
          `${plural(imagesKept.images, 'image')} ${imagesKept.images === 1 ? 'is kept by another tag' : 'are kept by other tags'}.`,
        left > 0 && `${plural(left, unit)} ${left === 1 ? 'is' : 'are'} left alone.`,
        plan.hasMore && 'There may be more images without a tag than one plan takes: plan again after this one.',
        plan.work === 'delete' &&
          counts.planned.tags >= plan.tagsBefore &&
          `These are all the tags in ${plan.repository}. The registry may still list its name afterwards.`,
        deletes(plan.work) ? 'Nothing has been deleted yet.' : 'Nothing has been changed yet.',
      ]
      return parts.filter(Boolean).join(' ')
    }
    case 'running':
    case 'undoing':
      return 'You can leave this page: the job continues and is listed under Jobs.'
    case 'paused':
      return [`${plural(waiting, unit)} ${waiting === 1 ? 'is' : 'are'} still waiting.`, leftToPolicy(plan)]
        .join(' ')
        .trim()
    case 'undone':
      return of('done') > 0
        ? `${plural(of('done'), unit)} ${of('done') === 1 ? 'wasn’t' : 'weren’t'} undone: the list says why.`
        : deletes(plan.work)
          ? 'Everything that was deleted is back, with the same digests.'
          : 'Everything is as it was before.'
    default: {
      const parts = [
        plan.hasMore && 'There may be more images without a tag: plan again to delete those.',
        restored > 0 && `${plural(restored, unit)} ${restored === 1 ? 'was' : 'were'} restored since.`,
        failed > 0 && `${plural(failed, unit)} failed.`,
        moved > 0 && `${plural(moved, unit)} ${moved === 1 ? 'was' : 'were'} left alone: the list says why.`,
        waiting > 0 && plan.startedAt && `${plural(waiting, unit)} ${waiting === 1 ? 'was' : 'were'} not tried.`,
        plan.state === 'cancelled' && leftToPolicy(plan),
      ].filter(Boolean)
      return parts.length > 0 ? parts.join(' ') : `Every ${unit} of the plan is done.`
    }
  }
}

/** A run plans the rest of a large repository only after a plan that has finished. */
function leftToPolicy({ policy, beyond = 0 }: PlanPage['plan']): string {
  if (policy === undefined || beyond === 0) return ''
  return `${plural(beyond, 'more tag')} of the policy ${policy} ${beyond === 1 ? 'is' : 'are'} left to its next run.`
}

const TITLES: Readonly<Record<PlanPage['plan']['work'], (page: PlanPage) => string>> = {
  delete: deletionTitle,
  retag: retagTitle,
  label: labelTitle,
  untagged: deletionTitle,
}
