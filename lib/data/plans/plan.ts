import type { RepositoryName } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'

/** What happens to an item: the image goes with all its tags, only tags go, or it's left alone by a rule or for safety. */
export const ITEM_KINDS = ['image', 'tags', 'protected', 'skipped'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

export const PLAN_STATES = [
  'draft',
  'checking',
  'running',
  'paused',
  'finished',
  'cancelled',
  'undoing',
  'undone',
] as const
export type PlanState = (typeof PLAN_STATES)[number]

/**
 * `untagged`: the tags are gone and the image stays. `partly`: some of the tags are gone. `moved`: not what the plan had
 * seen, so it was left alone. `restored`: deleted, then put back.
 */
export const OUTCOMES = ['deleted', 'untagged', 'partly', 'failed', 'moved', 'restored'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** What hangs on an image, as far as the list of tags says. */
export interface Holds {
  readonly platforms: number
  readonly signatures: number
  readonly attachments: number
}

/** One image with those of its tags that were selected; or, without a digest, a tag that could not be read. */
export interface PlannedItem {
  readonly kind: ItemKind
  readonly digest?: string
  readonly mediaType?: string
  readonly tags: readonly string[]
  /** Other tags on the image, which keep it. */
  readonly keptBy: readonly string[]
  readonly holds: Holds
  readonly size?: number
  /** Bytes that no other image of the repository needs. Absent where that isn't known. */
  readonly frees?: number
  /** RFC 3339. */
  readonly created?: string
  /** Why it's left alone. */
  readonly reason?: string
}

export interface PlanItem extends PlannedItem {
  readonly position: number
  readonly ticked: boolean
  /** Absent while it waits. */
  readonly outcome?: Outcome
  readonly removed: readonly string[]
  /** Names what puts it back: entries of the journal of changes. */
  readonly undo: readonly string[]
  readonly detail?: string
  readonly endedAt?: string
}

export interface Plan {
  readonly id: string
  readonly owner: string
  readonly registry: string
  readonly repository: RepositoryName
  readonly query?: string
  readonly state: PlanState
  readonly wanted: 'run' | 'pause' | 'cancel'
  /** Images a second; absent for no limit. */
  readonly rate?: number
  readonly createdAt: string
  readonly checkedAt: string
  readonly startedAt?: string
  readonly endedAt?: string
  readonly tagsBefore: number
  readonly frees?: number
  readonly freesAtMost: number
  readonly problem?: Problem
}

/** Tags and images by what is to happen to them, and what has. */
export interface PlanCounts {
  readonly imagesDeleted: Count
  readonly imagesKept: Count
  readonly protected: Count
  readonly skipped: Count
  readonly unticked: Count
  /** Of the ticked ones that are to be deleted. */
  readonly planned: Count
  readonly done: Count
  readonly failed: Count
  readonly moved: Count
  readonly waiting: Count
  readonly restored: Count
  /** What one undo would put back. */
  readonly undoable: Count
}

export interface Count {
  readonly images: number
  readonly tags: number
}
