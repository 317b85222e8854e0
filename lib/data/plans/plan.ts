import type { Place } from '../../oci/place.ts'
import type { Problem } from '../../problem/problem.ts'

/**
 * What a plan does: it deletes tags, adds or moves them, adds a label to the images that they are on, or deletes images
 * without a tag.
 */
export type PlanWork = 'delete' | 'retag' | 'label' | 'untagged'

/**
 * What happens to an item: the image is deleted with all its tags, only tags are deleted, a tag is added to an image or
 * moved to it, the image gets a label, or it's left alone because of a rule or for safety.
 */
export const ITEM_KINDS = ['image', 'tags', 'create', 'move', 'label', 'protected', 'skipped'] as const
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
 * `untagged`: the tags are deleted and the image stays; or it's back without those that were in use again. `partly`:
 * some of the tags are deleted. `moved`: left alone, as it changed after the plan was made, or those of its tags that
 * have; or is protected, or part of an index that is kept.
 * `tagged`: added or moved. `labelled`: the image has the label. `restored`: undone.
 */
export const OUTCOMES = ['deleted', 'untagged', 'tagged', 'labelled', 'partly', 'failed', 'moved', 'restored'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** An image's attachments, as far as the list of tags shows. */
export interface Holds {
  readonly platforms: number
  readonly signatures: number
  readonly attachments: number
}

export const HOLDS_NOTHING: Holds = { platforms: 0, signatures: 0, attachments: 0 }

/** A label that a plan adds. */
export interface PlannedLabel {
  readonly key: string
  readonly value: string
  readonly mediaType: 'text/plain' | 'application/json'
  /** Also as a referrer in the registry. */
  readonly publish: boolean
}

/** One image with those of its tags that were selected; or, without a digest, a tag that could not be read. */
export interface PlannedItem {
  readonly kind: ItemKind
  readonly digest?: string
  readonly mediaType?: string
  readonly tags: readonly string[]
  /** Other tags on the image, which keep it; of a tag that is added or moved, the one that it is made from. */
  readonly keptBy: readonly string[]
  /** What a tag that is moved points at. */
  readonly was?: string
  readonly holds: Holds
  readonly size?: number
  /** Bytes that no other image of the repository needs. Absent where that isn't known. */
  readonly frees?: number
  /** RFC 3339. */
  readonly created?: string
  /** Why it's left alone. */
  readonly reason?: string
  /** Deselected in the plan that this one repeats. */
  readonly isDeselected?: boolean
}

export interface PlanItem extends Omit<PlannedItem, 'isDeselected'> {
  readonly position: number
  readonly ticked: boolean
  /** Absent while it waits. */
  readonly outcome?: Outcome
  readonly removed: readonly string[]
  /** Names what puts it back: entries of the journal of changes, or added labels to delete. */
  readonly undo: readonly string[]
  readonly detail?: string
  readonly endedAt?: string
}

export interface Plan extends Place {
  readonly id: string
  readonly work: PlanWork
  readonly owner: string
  readonly query?: string
  /** Tags that the query finds and that were left out of the selection. */
  readonly except?: readonly string[]
  /** How many tags the query can't judge. They are among the skipped ones. */
  readonly unjudged?: number
  readonly state: PlanState
  readonly wanted: 'run' | 'pause' | 'cancel'
  /** How often its selection was changed: what is confirmed is the selection of one revision. */
  readonly revision: number
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
  /** The retention policy whose run made it. */
  readonly policy?: string
  /** What it adds. */
  readonly label?: PlannedLabel
  /** Images that have had no tag for fewer days than this stay. */
  readonly keepDays?: number
  /** There are more images without a tag than one plan takes. */
  readonly hasMore?: boolean
  /** Of a policy's run: tags here that it deletes in later plans, once this one has finished. */
  readonly beyond?: number
  /** Since a run has ended. */
  readonly verified?: Verification
}

/** The state of all tags of the repository after a run. */
export interface Verification {
  /** RFC 3339. */
  readonly at: string
  /** Tags and images of the plan that were deleted. */
  readonly gone: Count
  /** Tags that were added or moved; absent for none. */
  readonly tagged?: number
  /** Other tags that are on the image they were on before the run; as `tagsNow` counts them. */
  readonly kept: number
  /** Tags in the repository, as `tagsBefore` counts them: without those that only hold referrers. */
  readonly tagsNow: number
  /** Unexpected differences, such as a tag pushed in the meantime: the first few, and how many. */
  readonly unexpected: readonly UnexpectedTag[]
  readonly unexpectedCount: number
  /** Why it couldn't be verified; the numbers are 0 then. */
  readonly problem?: Problem
}

export interface UnexpectedTag {
  readonly tag: string
  /** Absent: it wasn't there. */
  readonly was?: string
  /** Absent: it's missing. */
  readonly now?: string
}

/** Tags and images by planned action and by outcome. */
export interface PlanCounts {
  readonly imagesDeleted: Count
  readonly imagesKept: Count
  readonly created: Count
  readonly repointed: Count
  readonly labelled: Count
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
  /** What one undo would restore. */
  readonly undoable: Count
}

export interface Count {
  readonly images: number
  readonly tags: number
}
