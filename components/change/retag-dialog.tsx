'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Digest } from '@/components/ui/digest'
import { Field } from '@/components/ui/input'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useDebounced } from '@/components/ui/use-debounced'
import type { TagState } from '@/lib/data/changes/tag-state'
import { shortDigest } from '@/lib/format/digest'
import { isMovingTag } from '@/lib/format/moving-tag'
import { isTag } from '@/lib/oci/reference'
import { accessProblem } from '@/lib/problem/access-problem'
import { protectedProblem } from '@/lib/problem/protected-problem'
import { useQuery } from '@/lib/query/hooks'
import { tagStateQuery } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { manifestHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'
import { ManifestLine } from './manifest-line'
import type { ManifestTarget } from './manifest-target'
import { OverrideField } from './override-field'
import { ProtectedNotice } from './protected-notice'
import { TagInput } from './tag-input'
import { useRetag } from './use-retag'

/** Adds a tag to a manifest. An existing tag is moved only after a confirmation; the outcome offers to undo that. */
export function RetagDialog({ target, onClose }: { target: ManifestTarget; onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Retag" description="Adds a tag to this image. Its other tags are kept.">
      <RetagForm target={target} onClose={onClose} />
    </Dialog>
  )
}

function RetagForm({ target, onClose }: { target: ManifestTarget; onClose: () => void }) {
  const { registry, repository, selector, digest } = target
  const isDigest = isDigestSelector(selector)
  const [tag, setTag] = useState('')
  const [confirmed, setConfirmed] = useState<string>()
  const [reason, setReason] = useState('')
  const name = useDebounced(tag.trim(), 250)
  const isName = isTag(name)
  const isBad = tag.trim() !== '' && !isTag(tag.trim())
  const state = useQuery({ ...tagStateQuery(target, name), enabled: isName })
  // After an error, what the dialog showed is outdated: look again before the next attempt.
  const change = useRetag(target, onClose, () => void state.refetch())
  const known = isName && name === tag.trim() && !state.isFetching ? state.data : undefined
  const existing = known?.exists ? known.digest : undefined
  const mayMove = known?.exists === true && known.mayOverwrite
  const isSame = existing === digest
  const overwrites = existing !== undefined && !isSame
  // A confirmation covers the name and the digest that were shown, and lapses with them.
  const isConfirmed = !overwrites || (mayMove && confirmed === `${name} ${existing}`)
  const protection =
    overwrites && known?.exists && known.protectedBy !== undefined
      ? { tag: name, rule: known.protectedBy, mayOverride: known.mayOverride }
      : undefined
  const isLocked = protection !== undefined && !(protection.mayOverride && reason.trim() !== '')
  const refusal = change.error ? problemFrom(change.error) : undefined
  const ready = !isLocked && known !== undefined && !known.readOnly && !isSame && isConfirmed && !change.isPending
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (!ready) return
    const override = reason.trim() || undefined
    change.mutate({ registry, repository, from: digest, to: name, expect: existing ?? null, override })
  }
  return (
    <form onSubmit={submit}>
      <DialogBody>
        <ManifestLine place={target} selector={selector} digest={digest} />
        <Field
          label="New tag"
          error={isBad ? 'Use up to 128 letters, digits and _ . - (not . or - first)' : undefined}
          hint={
            isName && state.isFetching
              ? 'Checking whether this tag exists…'
              : known?.exists === false
                ? 'This tag doesn’t exist yet.'
                : ' '
          }
        >
          <TagInput place={target} value={tag} onChange={setTag} isBad={isBad} />
        </Field>
        {isSame && <Notice title={`${name} already points at this image`}>There’s nothing to change.</Notice>}
        {overwrites && (
          <Notice tone="warn" title={`${name} is now ${nameOf(known)}`}>
            <Digest digest={existing} swatch copy={false} href={manifestHref(target, existing)} />
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
        {state.data?.readOnly && <ProblemNotice problem={accessProblem('read-only', false)} />}
        {state.error && <ProblemNotice problem={problemFrom(state.error)} />}
        {refusal && <ProblemNotice problem={refusal} role="alert" />}
        {protection && mayMove && <ProtectedNotice protection={protection} />}
        {(mayMove || !overwrites) && (
          <OverrideField
            problem={protection ? protectedProblem(protection) : refusal}
            reason={reason}
            onChange={setReason}
          />
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant={overwrites ? 'danger' : 'primary'} disabled={!ready}>
          {change.isPending
            ? 'Tagging…'
            : overwrites
              ? `Move ${name} to ${isDigest ? shortDigest(digest) : selector}`
              : 'Add tag'}
        </Button>
      </DialogFooter>
    </form>
  )
}

const NAMED = 3

/** `1.4.1` names an image better than `1.4` and `1` do. */
function fixedFirst(tags: readonly string[]): readonly string[] {
  return tags.toSorted((a, b) => Number(isMovingTag(a, tags)) - Number(isMovingTag(b, tags)))
}

/** `1.4.1 (also 1.4, 1)`: by the tags that people know it by, else by its digest. */
function nameOf(state: TagState | undefined): string {
  const [first, ...others] = state?.exists ? fixedFirst(state.also) : []
  if (!first) return 'another image'
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : ''
  return others.length === 0 ? first : `${first} (also ${others.slice(0, NAMED).join(', ')}${more})`
}
