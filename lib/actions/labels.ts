'use server'

import type { z } from 'zod'
import { type AddedLabel, addLabel, addLabelInput, removeLabel, removeLabelInput } from '@/lib/data/labels/added-labels'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

/** Adds a label beside an image. Null when the image has as many as it may have. */
export async function createLabel(input: z.input<typeof addLabelInput>): Promise<Attempt<AddedLabel | null>> {
  return act(addLabelInput, input, async (actor, label) => (await addLabel(actor, label)) ?? null)
}

export async function deleteLabel(input: z.input<typeof removeLabelInput>): Promise<Attempt<AddedLabel>> {
  return act(removeLabelInput, input, removeLabel)
}
