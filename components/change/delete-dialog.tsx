'use client'

import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Skeleton } from '@/components/ui/skeleton'
import type { DeletionResult } from '@/lib/data/changes/deletion-result'
import type { DeletionPreviewView } from '@/lib/data/changes/preview-deletion'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { type DeletionScope, deletionBlock, movedProblem } from '@/lib/problem/change-problem'
import { protectedProblem } from '@/lib/problem/protected-problem'
import { useQuery } from '@/lib/query/hooks'
import { deletionPreviewQuery } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { isDigestSelector } from '@/lib/routes/selector'
import { BlastRadius } from './blast-radius'
import { DeletionOutcome } from './deletion-outcome'
import { LayersChoice } from './layers-choice'
import type { ManifestTarget } from './manifest-target'
import { OverrideField } from './override-field'
import { ProtectedNotice, protectionAmong } from './protected-notice'
import { ScopeChoice } from './scope-choice'
import { useDeletion } from './use-deletion'

interface Choice {
  readonly scope: DeletionScope
  /** Breaks the indexes that list the image. */
  readonly force: boolean
  /** Deletes the image's layers, too. */
  readonly layers: boolean
  readonly typed: string
  /** Why a protection rule is overridden. */
  readonly reason: string
}

const UNDECIDED = { force: false, layers: false, typed: '', reason: '' }

/** Shows everything that a deletion affects before it can be confirmed, and afterwards whether only that happened. */
export function DeleteDialog({ target, onClose }: { target: ManifestTarget; onClose: () => void }) {
  const { registry, repository, selector } = target
  const isDigest = isDigestSelector(selector)
  const preview = useQuery(deletionPreviewQuery(target, selector))
  const [choice, setChoice] = useState<Choice>({ ...UNDECIDED, scope: isDigest ? 'image' : 'tag' })
  const choose = (part: Partial<Choice>) => setChoice((before) => ({ ...before, ...part }))
  const { scope, force, layers, reason } = choice
  const { current: deletion, ...deletions } = useDeletion(target, scope, onClose)
  const result = deletion.data
  const data = preview.data
  const moved = data !== undefined && !result && data.digest !== target.digest
  const blocked = data && deletionBlock(data, scope, force)
  const override = reason.trim() || undefined
  const breaks = data && scope === 'image' ? data.indexes.flatMap((index) => index.tags) : []
  const protection = data && protectionAmong(scope === 'tag' ? [selector] : [...data.tagsOnDigest, ...breaks], data)
  const isLocked = protection !== undefined && !(protection.mayOverride && override)
  const refusal = deletion.error ? problemFrom(deletion.error) : undefined
  const place = `${registry}/${repository}`
  // The name must be typed if more is deleted than the one thing on the screen.
  const word = scope === 'image' && data && data.tagsOnDigest.length > 1 ? place : undefined

  const deleteTag = (strategy: 'allow-replace' | 'allow-empty') => {
    if (!data) return
    const { shown } = data
    const siblings = 'count' in shown ? shown : shown.filter((tag) => tag !== selector)
    deletions.tag.mutate({ registry, repository, tag: selector, expect: data.digest, siblings, strategy, override })
  }
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (!data || blocked || moved || isLocked) return
    const { digest, shown } = data
    if (scope === 'tag') deleteTag('allow-replace')
    else deletions.image.mutate({ registry, repository, digest, expectTags: shown, force, layers, override })
  }
  const finish = () => deletions.leave(result)

  return (
    <Dialog
      open
      onClose={finish}
      title={isDigest ? 'Delete image' : `Delete ${selector}`}
      description={isDigest ? `${place}@${shortDigest(selector)}` : place}
      width={620}
    >
      {result ? (
        <Result
          result={result}
          scope={scope}
          selector={selector}
          onClose={finish}
          onUndo={(change) => {
            finish()
            deletions.undo(change)
          }}
          onReplace={() => deleteTag('allow-empty')}
        />
      ) : (
        <form onSubmit={submit}>
          <DialogBody>
            {preview.error && <ProblemNotice problem={problemFrom(preview.error)} />}
            {preview.isPending && <PreviewSkeleton />}
            {data && (
              <Preview
                target={target}
                preview={data}
                choice={choice}
                onChoose={choose}
                word={blocked ? undefined : word}
              />
            )}
            {blocked && <ProblemNotice problem={blocked} />}
            {refusal && <ProblemNotice problem={refusal} role="alert" />}
            {protection && !blocked && <ProtectedNotice protection={protection} />}
            {!blocked && (
              <OverrideField
                problem={protection ? protectedProblem(protection) : refusal}
                reason={reason}
                onChange={(text) => choose({ reason: text })}
              />
            )}
          </DialogBody>
          <DialogFooter>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              variant="danger"
              disabled={
                !data ||
                moved ||
                isLocked ||
                blocked !== undefined ||
                deletion.isPending ||
                (word !== undefined && choice.typed !== word)
              }
            >
              {deletion.isPending
                ? 'Deleting…'
                : scope === 'tag'
                  ? `Delete tag ${selector}`
                  : imageButton(data?.tagsOnDigest.length ?? 0)}
            </Button>
          </DialogFooter>
        </form>
      )}
    </Dialog>
  )
}

function imageButton(tags: number): string {
  return tags > 0 ? `Delete image and ${plural(tags, 'tag')}` : 'Delete image'
}

interface PreviewProps {
  target: ManifestTarget
  preview: DeletionPreviewView
  choice: Choice
  onChoose: (part: Partial<Choice>) => void
  /** Has to be typed if more is deleted than the one thing on the screen. */
  word: string | undefined
}

/** What a deletion affects, and what has to be chosen for it. */
function Preview({ target, preview, choice, onChoose, word }: PreviewProps) {
  const { selector, digest } = target
  const { indexes, unneededBlobs, tagsOnDigest } = preview
  const { scope, force, layers, typed } = choice
  return (
    <>
      {preview.digest !== digest && (
        <ProblemNotice problem={movedProblem(selector, digest, preview.digest)} role="alert" />
      )}
      {!isDigestSelector(selector) && (
        <ScopeChoice scope={scope} onChange={(to) => onChoose({ scope: to })} preview={preview} tag={selector} />
      )}
      <BlastRadius preview={preview} scope={scope} selector={selector} place={target} />
      {scope === 'image' && indexes.length > 0 && (
        <CheckOption checked={force} onChange={(on) => onChoose({ force: on })} danger>
          Delete it anyway: {indexes.length === 1 ? 'an index lists' : `${indexes.length} indexes list`} it, and pulling
          this platform from {indexes.length === 1 ? 'that index' : 'them'} will fail.
        </CheckOption>
      )}
      {scope === 'image' && unneededBlobs && unneededBlobs.count > 0 && (
        <LayersChoice blobs={unneededBlobs} checked={layers} onChange={(on) => onChoose({ layers: on })} />
      )}
      {word && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside
        <label className="block text-sm">
          Type <strong className="mono">{word}</strong> to delete all {plural(tagsOnDigest.length, 'tag')}
          <Input className="mt-1" value={typed} onChange={({ target: { value } }) => onChoose({ typed: value })} />
        </label>
      )}
    </>
  )
}

interface ResultProps {
  result: DeletionResult
  scope: DeletionScope
  selector: string
  onClose: () => void
  onUndo: (change: string) => void
  /** Deletes the tag via a placeholder image, as the last resort. */
  onReplace: () => void
}

function Result({ result, scope, selector, onClose, onUndo, onReplace }: ResultProps) {
  const { undo, further } = result
  return (
    <>
      <DialogBody>
        <DeletionOutcome result={result} scope={scope} selector={selector} />
      </DialogBody>
      <DialogFooter>
        {undo && (
          <Button onClick={() => onUndo(undo)}>
            <Undo2 aria-hidden />
            Undo
          </Button>
        )}
        <Button variant={further ? 'secondary' : 'primary'} onClick={onClose} autoFocus>
          {further ? 'Keep tag' : 'Done'}
        </Button>
        {further && (
          <Button variant="danger" onClick={onReplace}>
            Delete via a placeholder image
          </Button>
        )}
      </DialogFooter>
    </>
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
