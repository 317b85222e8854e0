'use server'

import { z } from 'zod'
import { deleteImageInput, removeImage } from '@/lib/data/changes/delete-image'
import { deleteTagInput, removeTag } from '@/lib/data/changes/delete-tag'
import type { DeletionResult } from '@/lib/data/changes/deletion-result'
import { type DeletionPreviewView, previewChange } from '@/lib/data/changes/preview-deletion'
import { type RetagResult, retagImage, retagInput } from '@/lib/data/changes/retag'
import { readTagState, type TagState } from '@/lib/data/changes/tag-state'
import { type UndoneChange, undoChange as undo, undoInput } from '@/lib/data/changes/undo'
import { placeInput, selector, tag } from '@/lib/data/input'
import { readTagRow as readRow } from '@/lib/data/tags/read-tags'
import type { TagRow } from '@/lib/data/tags/tag-row'
import { checkRestorable, type Restorable } from '@/lib/data/trash/read-trash'
import { type RestoredOne, restoreMany, restoreManyInput } from '@/lib/data/trash/restore-many'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

const tagInput = placeInput.extend({ tag })

/** What a tag points at now, according to the registry. */
export async function lookUpTag(input: z.input<typeof tagInput>): Promise<Attempt<TagState>> {
  return act(tagInput, input, (actor, { tag, ...place }) => readTagState(actor, place, tag))
}

/** A tag's row as the table shows it, for one that failed when the page was made. */
export async function readTagRow(input: z.input<typeof tagInput>): Promise<Attempt<Attempt<TagRow>>> {
  return act(tagInput, input, (actor, { tag, ...place }) => readRow(actor, place, tag))
}

const previewInput = placeInput.extend({ target: selector })

/** Everything that deleting a tag or a digest would affect. */
export async function previewDeletion(input: z.input<typeof previewInput>): Promise<Attempt<DeletionPreviewView>> {
  return act(previewInput, input, (actor, { target, ...place }) => previewChange(actor, place, target))
}

export async function retagTag(input: z.input<typeof retagInput>): Promise<Attempt<RetagResult>> {
  return act(retagInput, input, retagImage)
}

export async function deleteTag(input: z.input<typeof deleteTagInput>): Promise<Attempt<DeletionResult>> {
  return act(deleteTagInput, input, removeTag)
}

export async function deleteImage(input: z.input<typeof deleteImageInput>): Promise<Attempt<DeletionResult>> {
  return act(deleteImageInput, input, removeImage)
}

/** Puts back what a change took away, while the registry holds its content. */
export async function undoChange(input: z.input<typeof undoInput>): Promise<Attempt<UndoneChange>> {
  return act(undoInput, input, undo)
}

const trashedInput = placeInput.extend({ change: z.string().max(100) })

/** Undoes several changes, each on its own. */
export async function restoreTrashed(
  input: z.input<typeof restoreManyInput>,
): Promise<Attempt<readonly RestoredOne[]>> {
  return act(restoreManyInput, input, restoreMany)
}

/** Whether something that was taken away can be restored right now. */
export async function checkTrashed(input: z.input<typeof trashedInput>): Promise<Attempt<Restorable>> {
  return act(trashedInput, input, checkRestorable)
}
