'use server'

import { z } from 'zod'
import {
  type DeletionPreviewView,
  type DeletionResult,
  previewChange,
  readTagState,
  removeImage,
  removeTag,
  retagImage,
  type TagState,
} from '@/lib/data/changes/change-tags'
import { type UndoneDeletion, undoDeletion as undo } from '@/lib/data/changes/undo-deletion'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'
import { digest, repositoryScope, tag, tagOrDigest } from './schemas'

const tagInput = repositoryScope.extend({ tag })

/** What a tag points at now, asked of the registry. */
export async function lookUpTag(input: {
  registry: string
  repository: string
  tag: string
}): Promise<Attempt<TagState>> {
  return act(tagInput, input, (actor, { tag, ...scope }) => readTagState(actor, scope, tag))
}

const previewInput = repositoryScope.extend({ target: tagOrDigest })

/** Everything that deleting a tag or a digest would touch. */
export async function previewDeletion(input: {
  registry: string
  repository: string
  target: string
}): Promise<Attempt<DeletionPreviewView>> {
  return act(previewInput, input, (actor, { target, ...scope }) => previewChange(actor, scope, target))
}

const retagInput = repositoryScope.extend({ from: tagOrDigest, to: tag, expect: digest.nullable() })

export async function retagTag(input: {
  registry: string
  repository: string
  from: string
  to: string
  expect: string | null
}): Promise<Attempt<{ digest: string; unchanged: boolean }>> {
  return act(retagInput, input, retagImage)
}

const deleteTagInput = repositoryScope.extend({
  tag,
  expect: digest,
  siblings: z.array(tag).max(100_000),
  strategy: z.enum(['allow-replace', 'allow-dummy']),
})

export async function deleteTag(input: {
  registry: string
  repository: string
  tag: string
  expect: string
  siblings: readonly string[]
  strategy: 'allow-replace' | 'allow-dummy'
}): Promise<Attempt<DeletionResult>> {
  return act(deleteTagInput, input, removeTag)
}

const deleteImageInput = repositoryScope.extend({
  digest,
  expectTags: z.array(tag).max(100_000),
  force: z.boolean(),
  layers: z.boolean(),
})

export async function deleteImage(input: {
  registry: string
  repository: string
  digest: string
  expectTags: readonly string[]
  force: boolean
  layers: boolean
}): Promise<Attempt<DeletionResult>> {
  return act(deleteImageInput, input, removeImage)
}

const undoInput = repositoryScope.extend({ deletion: z.string().max(100) })

/** Puts back what a deletion took, while the registry holds its content. */
export async function undoDeletion(input: {
  registry: string
  repository: string
  deletion: string
}): Promise<Attempt<UndoneDeletion>> {
  return act(undoInput, input, undo)
}
