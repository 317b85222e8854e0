'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Digest } from '@/components/ui/digest'
import { Field, Input } from '@/components/ui/input'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useDebounced } from '@/components/ui/use-debounced'
import { shortDigest } from '@/lib/format/digest'
import { accessProblem } from '@/lib/problem/access-problem'
import { retagMutation, tagStateQuery } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { manifestHref } from '@/lib/routes/href'
import type { ChangeTarget } from './change-target'
import { ManifestLine } from './manifest-line'
import { Moved } from './moved'

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** A tag that was moved, and the digest it pointed at before. */
interface Move {
  readonly tag: string
  readonly from: string
}

/** Adds a tag to a manifest. An existing tag is moved only after a confirmation, and can be moved back. */
export function RetagDialog({ target, onClose }: { target: ChangeTarget; onClose: () => void }) {
  const { registry, repository } = target
  const router = useRouter()
  const [move, setMove] = useState<Move>()
  const open = (tag: string) => {
    onClose()
    router.push(manifestHref(registry, repository, tag))
    router.refresh()
  }
  return (
    <Dialog
      open
      onClose={move ? () => open(move.tag) : onClose}
      sticky={move !== undefined}
      title="Retag"
      description="Adds a tag to this image. Its other tags are kept."
    >
      {move ? (
        <MoveOutcome target={target} move={move} onDone={() => open(move.tag)} />
      ) : (
        <RetagForm
          target={target}
          onCancel={onClose}
          onTagged={(tag, from) => (from ? setMove({ tag, from }) : open(tag))}
        />
      )}
    </Dialog>
  )
}

interface RetagFormProps {
  target: ChangeTarget
  onCancel: () => void
  /** @param from the digest that the tag pointed at before; absent for a new tag */
  onTagged: (tag: string, from: string | undefined) => void
}

function RetagForm({ target, onCancel, onTagged }: RetagFormProps) {
  const { registry, repository, selector, digest } = target
  const [tag, setTag] = useState('')
  const [confirmed, setConfirmed] = useState<string>()
  const name = useDebounced(tag.trim(), 250)
  const isTag = TAG.test(name)
  const isBad = tag.trim() !== '' && !TAG.test(tag.trim())
  const state = useQuery({ ...tagStateQuery(registry, repository, name), enabled: isTag })
  const change = useMutation({
    ...retagMutation(),
    onSuccess: (_, { to, expect }) => onTagged(to, expect ?? undefined),
    // What the dialog showed is outdated: look again before the next attempt.
    onError: () => void state.refetch(),
  })
  const known = isTag && name === tag.trim() && !state.isFetching ? state.data : undefined
  const existing = known?.exists ? known.digest : undefined
  const mayMove = known?.exists === true && known.mayOverwrite
  const isSame = existing === digest
  const overwrites = existing !== undefined && !isSame
  // A confirmation covers the name and the digest that were shown, and lapses with them.
  const isConfirmed = !overwrites || (mayMove && confirmed === `${name} ${existing}`)
  const ready = known !== undefined && !known.readOnly && !isSame && isConfirmed && !change.isPending
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (ready) change.mutate({ registry, repository, from: digest, to: name, expect: existing ?? null })
  }
  return (
    <form onSubmit={submit}>
      <DialogBody>
        <ManifestLine registry={registry} repository={repository} selector={selector} digest={digest} />
        <Field
          label="New tag"
          error={isBad ? 'Use up to 128 letters, digits and _ . - (not . or - first)' : undefined}
          hint={
            isTag && state.isFetching
              ? 'Checking whether this tag exists…'
              : known?.exists === false
                ? 'This tag doesn’t exist yet.'
                : ' '
          }
        >
          <Input
            data-initial-focus
            value={tag}
            onChange={(event) => setTag(event.target.value)}
            placeholder="for example stable"
            aria-invalid={isBad}
          />
        </Field>
        {isSame && <Notice title={`${name} already points at this image`}>There’s nothing to change.</Notice>}
        {overwrites && (
          <Notice tone="warn" title={`${name} is another image now`}>
            <Digest digest={existing} swatch copy={false} href={manifestHref(registry, repository, existing)} />
            {mayMove ? (
              <div className="mt-2">
                <CheckOption
                  checked={isConfirmed}
                  onChange={(yes) => setConfirmed(yes ? `${name} ${existing}` : undefined)}
                  danger
                >
                  Move it: anyone who pulls {name} will get this image. The other image is kept under its digest.
                </CheckOption>
              </div>
            ) : (
              <p className="mt-1">You can add tags here, but you can’t move existing ones. Choose another tag.</p>
            )}
          </Notice>
        )}
        {state.data?.readOnly && <ProblemNotice problem={accessProblem('read-only')} />}
        {state.error && <ProblemNotice problem={problemFrom(state.error)} />}
        {change.error && <ProblemNotice problem={problemFrom(change.error)} role="alert" />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant={overwrites ? 'danger' : 'primary'} disabled={!ready}>
          {change.isPending ? 'Tagging…' : overwrites ? `Move ${name} to ${shortDigest(digest)}` : 'Add tag'}
        </Button>
      </DialogFooter>
    </form>
  )
}

function MoveOutcome({ target, move, onDone }: { target: ChangeTarget; move: Move; onDone: () => void }) {
  const { registry, repository, digest } = target
  const undo = useMutation(retagMutation())
  return (
    <>
      <DialogBody>
        <Moved
          registry={registry}
          repository={repository}
          tag={move.tag}
          from={move.from}
          to={digest}
          undone={undo.isSuccess}
        />
        {undo.error && <ProblemNotice problem={problemFrom(undo.error)} role="alert" />}
      </DialogBody>
      <DialogFooter>
        {!undo.isSuccess && (
          <Button
            disabled={undo.isPending}
            onClick={() => undo.mutate({ registry, repository, from: move.from, to: move.tag, expect: digest })}
          >
            <Undo2 aria-hidden />
            {undo.isPending ? 'Moving back…' : 'Undo'}
          </Button>
        )}
        {/* Remounted, because the button that had the focus is gone. */}
        <Button key={String(undo.isSuccess)} variant="primary" onClick={onDone} autoFocus>
          Done
        </Button>
      </DialogFooter>
    </>
  )
}
