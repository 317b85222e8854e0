'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Skeleton } from '@/components/ui/skeleton'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { type DeletionScope, deletionBlock, movedProblem } from '@/lib/problem/change-problem'
import { deleteImageMutation, deleteTagMutation, deletionPreviewQuery, undoChangeMutation } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { pathHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'
import { BlastRadius } from './blast-radius'
import type { ChangeTarget } from './change-target'
import { DeletionOutcome } from './deletion-outcome'
import { LayersChoice } from './layers-choice'
import { OverrideField } from './override-field'
import { ScopeChoice } from './scope-choice'
import { Undone } from './undone'

/** Shows everything that a deletion affects before it can be confirmed, and afterwards whether only that happened. */
export function DeleteDialog({ target, onClose }: { target: ChangeTarget; onClose: () => void }) {
  const { registry, repository, selector } = target
  const router = useRouter()
  const isDigest = isDigestSelector(selector)
  const preview = useQuery(deletionPreviewQuery(registry, repository, selector))
  const [scope, setScope] = useState<DeletionScope>(isDigest ? 'image' : 'tag')
  const [force, setForce] = useState(false)
  const [layers, setLayers] = useState(false)
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const tagDeletion = useMutation(deleteTagMutation())
  const imageDeletion = useMutation(deleteImageMutation())
  const undo = useMutation(undoChangeMutation())
  const deletion = scope === 'tag' ? tagDeletion : imageDeletion
  const result = deletion.data
  const data = preview.data
  const moved = data !== undefined && !result && data.digest !== target.digest
  const blocked = data && deletionBlock(data, scope, force)
  const override = reason.trim() || undefined
  const place = `${registry}/${repository}`
  // The name must be typed where more is deleted than the one thing on the screen.
  const word = scope === 'image' && data && data.tagsOnDigest.length > 1 ? place : undefined

  const deleteTag = (strategy: 'allow-replace' | 'allow-dummy') => {
    if (!data) return
    const siblings = data.tagsOnDigest.filter((tag) => tag !== selector)
    tagDeletion.mutate({ registry, repository, tag: selector, expect: data.digest, siblings, strategy, override })
  }
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (!data || blocked || moved) return
    const { digest, tagsOnDigest } = data
    if (scope === 'tag') deleteTag('allow-replace')
    else imageDeletion.mutate({ registry, repository, digest, expectTags: tagsOnDigest, force, layers, override })
  }
  const finish = () => {
    onClose()
    if (!result) return
    const isGone = result.outcome === 'deleted' || result.outcome === 'replaced-then-deleted'
    if (isGone && !undo.data) router.push(pathHref(registry, repository))
    router.refresh()
  }

  return (
    <Dialog
      open
      onClose={finish}
      title={isDigest ? 'Delete image' : `Delete ${selector}`}
      description={isDigest ? `${place}@${shortDigest(selector)}` : place}
      sticky={result?.undo !== undefined && !undo.data}
      width={620}
    >
      {result ? (
        <>
          <DialogBody>
            {undo.data ? (
              <Undone undone={undo.data} />
            ) : (
              <DeletionOutcome result={result} scope={scope} selector={selector} />
            )}
            {undo.error && <ProblemNotice problem={problemFrom(undo.error)} role="alert" />}
          </DialogBody>
          <DialogFooter>
            {result.undo && !undo.data && (
              <Button
                disabled={undo.isPending}
                onClick={() => result.undo && undo.mutate({ registry, repository, change: result.undo })}
              >
                <Undo2 aria-hidden />
                {undo.isPending ? 'Restoring…' : 'Undo'}
              </Button>
            )}
            {/* Remounted, because the button that had the focus is gone. */}
            <Button
              key={String(undo.isSuccess)}
              variant={result.further ? 'secondary' : 'primary'}
              onClick={finish}
              autoFocus
            >
              {result.further ? 'Keep tag' : 'Done'}
            </Button>
            {result.further && (
              <Button variant="danger" onClick={() => deleteTag('allow-dummy')}>
                Delete via a placeholder image
              </Button>
            )}
          </DialogFooter>
        </>
      ) : (
        <form onSubmit={submit}>
          <DialogBody>
            {preview.error && <ProblemNotice problem={problemFrom(preview.error)} />}
            {preview.isPending && <PreviewSkeleton />}
            {data && (
              <>
                {moved && <ProblemNotice problem={movedProblem(selector, target.digest, data.digest)} role="alert" />}
                {!isDigest && <ScopeChoice scope={scope} onChange={setScope} preview={data} tag={selector} />}
                <BlastRadius
                  preview={data}
                  scope={scope}
                  selector={selector}
                  registry={registry}
                  repository={repository}
                />
                {scope === 'image' && data.indexes.length > 0 && (
                  <CheckOption checked={force} onChange={setForce} danger>
                    Delete it anyway:{' '}
                    {data.indexes.length === 1 ? 'an index lists' : `${data.indexes.length} indexes list`} it, and
                    pulling this platform from {data.indexes.length === 1 ? 'that index' : 'them'} will fail.
                  </CheckOption>
                )}
                {scope === 'image' && data.unneededBlobs && data.unneededBlobs.count > 0 && (
                  <LayersChoice blobs={data.unneededBlobs} checked={layers} onChange={setLayers} />
                )}
                {word && !blocked && (
                  // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside
                  <label className="block text-sm">
                    Type <strong className="mono">{word}</strong> to delete all{' '}
                    {plural(data.tagsOnDigest.length, 'tag')}
                    <Input className="mt-1" value={typed} onChange={(event) => setTyped(event.target.value)} />
                  </label>
                )}
                {blocked && <ProblemNotice problem={blocked} />}
              </>
            )}
            {deletion.error && <ProblemNotice problem={problemFrom(deletion.error)} role="alert" />}
            <OverrideField
              problem={deletion.error ? problemFrom(deletion.error) : undefined}
              reason={reason}
              onChange={setReason}
            />
          </DialogBody>
          <DialogFooter>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              variant="danger"
              disabled={
                !data || moved || blocked !== undefined || deletion.isPending || (word !== undefined && typed !== word)
              }
            >
              {deletion.isPending
                ? 'Deleting…'
                : scope === 'tag'
                  ? `Delete tag ${selector}`
                  : data && data.tagsOnDigest.length > 0
                    ? `Delete image and ${plural(data.tagsOnDigest.length, 'tag')}`
                    : 'Delete image'}
            </Button>
          </DialogFooter>
        </form>
      )}
    </Dialog>
  )
}

function PreviewSkeleton() {
  return (
    <div role="status" className="space-y-3">
      <p className="text-sm text-muted">Checking every tag in the repository…</p>
      <Skeleton size="block" />
      <Skeleton size="block" />
      <Skeleton size="block" width={20} />
    </div>
  )
}
