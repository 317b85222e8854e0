import type { Selectable } from 'kysely'
import { parseRepositoryName } from '../../oci/reference.ts'
import type { Tables } from '../../store/tables.ts'
import type { Count, ItemKind, Outcome, Plan, PlanCounts, PlanItem, PlanState } from './plan.ts'

export function planOf(row: Selectable<Tables['plan']>): Plan {
  return {
    id: row.id,
    work: row.work as Plan['work'],
    owner: row.owner,
    registry: row.registry,
    repository: parseRepositoryName(row.repository),
    state: row.state as PlanState,
    wanted: row.wanted as Plan['wanted'],
    revision: row.revision,
    createdAt: iso(row.created_at),
    checkedAt: iso(row.checked_at),
    tagsBefore: row.tags_before,
    freesAtMost: row.frees_at_most,
    ...(row.query !== null && { query: row.query }),
    ...(row.rate !== null && { rate: row.rate }),
    ...(row.started_at !== null && { startedAt: iso(row.started_at) }),
    ...(row.ended_at !== null && { endedAt: iso(row.ended_at) }),
    ...(row.frees !== null && { frees: row.frees }),
    ...(row.problem !== null && { problem: JSON.parse(row.problem) }),
    ...(row.policy !== null && { policy: row.policy }),
    ...(row.input !== null && JSON.parse(row.input)),
    ...(row.verified !== null && { verified: JSON.parse(row.verified) }),
  }
}

export function itemOf(row: Selectable<Tables['plan_item']>): PlanItem {
  return {
    position: row.position,
    kind: row.kind as ItemKind,
    tags: JSON.parse(row.tags),
    keptBy: JSON.parse(row.kept_by),
    holds: JSON.parse(row.holds),
    ticked: row.ticked === 1,
    removed: JSON.parse(row.removed),
    undo: JSON.parse(row.undo),
    ...(row.digest !== null && { digest: row.digest }),
    ...(row.media_type !== null && { mediaType: row.media_type }),
    ...(row.size !== null && { size: row.size }),
    ...(row.frees !== null && { frees: row.frees }),
    ...(row.created !== null && { created: row.created }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.was !== null && { was: row.was }),
    ...(row.outcome !== null && { outcome: row.outcome as Outcome }),
    ...(row.detail !== null && { detail: row.detail }),
    ...(row.ended_at !== null && { endedAt: iso(row.ended_at) }),
  }
}

/** Sums of the items that are alike. */
export interface Sums {
  readonly kind: string
  readonly ticked: number
  readonly outcome: string | null
  /** How many tags of each are deleted. */
  readonly part: 'none' | 'some' | 'all'
  readonly images: number
  readonly tags: number
  readonly removed: number
  readonly undoable: number
  readonly undoableImages: number
}

/** Kinds of items that can be ticked. */
export const CHANGES: readonly string[] = ['image', 'tags', 'create', 'move', 'label']

const DONE: ReadonlySet<string> = new Set(['deleted', 'untagged', 'tagged', 'labelled', 'partly'])
const NOTHING: Count = { images: 0, tags: 0 }

export function countsOf(rows: readonly Sums[]): PlanCounts {
  const isChange = ({ kind }: Sums) => CHANGES.includes(kind)
  const isPlanned = (row: Sums) => isChange(row) && row.ticked === 1
  const count = (matches: (row: Sums) => boolean, tags: (row: Sums) => number = (row) => row.tags): Count => {
    const matching = rows.filter(matches)
    return {
      images: matching.reduce((sum, { images }) => sum + images, 0),
      tags: matching.reduce((sum, row) => sum + tags(row), 0),
    }
  }
  const isDone = ({ outcome, part }: Sums) =>
    outcome !== null && (DONE.has(outcome) || (outcome === 'moved' && part !== 'none'))
  // All its tags are deleted, and verification found something else wrong.
  const isWhole = ({ kind, part }: Sums) => kind === 'tags' && part === 'all'
  // All its tags were deleted, and some were restored since; of an image that was deleted, perhaps none.
  const isBackInPart = ({ kind, outcome, part }: Sums) =>
    outcome === 'untagged' && (part === 'some' || kind === 'image')
  const left = ({ tags, removed }: Sums) => tags - removed
  return {
    imagesDeleted: count((row) => isPlanned(row) && row.kind === 'image'),
    imagesKept: count((row) => isPlanned(row) && row.kind === 'tags'),
    created: count((row) => isPlanned(row) && row.kind === 'create'),
    repointed: count((row) => isPlanned(row) && row.kind === 'move'),
    labelled: count((row) => isPlanned(row) && row.kind === 'label'),
    protected: count(({ kind }) => kind === 'protected'),
    skipped: count(({ kind }) => kind === 'skipped'),
    unticked: count((row) => isChange(row) && row.ticked === 0),
    planned: count(isPlanned),
    // Deleted tags count as deleted, even if others of the item couldn't be deleted or still wait.
    done: {
      images: count((row) => isPlanned(row) && isDone(row)).images,
      tags: count(
        (row) => isPlanned(row) && row.outcome !== 'restored',
        ({ removed }) => removed,
      ).tags,
    },
    failed: count(
      (row) => isPlanned(row) && (row.outcome === 'failed' || (row.outcome === 'partly' && !isWhole(row))),
      left,
    ),
    moved: count((row) => isPlanned(row) && row.outcome === 'moved', left),
    waiting: count((row) => isPlanned(row) && row.outcome === null, left),
    restored: count(
      (row) => isPlanned(row) && (row.outcome === 'restored' || isBackInPart(row)),
      (row) => (row.outcome === 'restored' ? row.removed : left(row)),
    ),
    undoable: rows
      .filter(({ outcome }) => outcome !== 'restored')
      .reduce((sum, row) => ({ images: sum.images + row.undoableImages, tags: sum.tags + row.undoable }), NOTHING),
  }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
