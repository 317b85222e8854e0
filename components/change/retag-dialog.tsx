'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Digest } from '@/components/ui/digest'
import { Field, Input } from '@/components/ui/input'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useDebounced } from '@/components/ui/use-debounced'
import { shortDigest } from '@/lib/format/digest'
import { retagMutation, tagStateQuery } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { manifestHref } from '@/lib/routes/href'
import { READ_ONLY } from './block-reason'
import type { ChangeTarget } from './change-target'

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** Gives a manifest a further tag. What the name stands for now is looked up while it is typed, and carried along. */
export function RetagDialog({ target, onClose }: { target: ChangeTarget; onClose: () => void }) {
  const { registry, repository, selector, digest } = target
  const router = useRouter()
  const [tag, setTag] = useState('')
  const name = useDebounced(tag.trim(), 250)
  const isTag = TAG.test(name)
  const state = useQuery({ ...tagStateQuery(registry, repository, name), enabled: isTag })
  const change = useMutation({
    ...retagMutation(),
    onSuccess: () => {
      onClose()
      router.push(manifestHref(registry, repository, name))
      router.refresh()
    },
    // What the dialog showed is not so any more: look again before the next try.
    onError: () => void state.refetch(),
  })
  const known = isTag && name === tag.trim() && !state.isFetching ? state.data : undefined
  const isSame = known?.exists === true && known.digest === digest
  const overwrites = known?.exists === true && !isSame
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (known && !isSame)
      change.mutate({ registry, repository, from: digest, to: name, expect: known.exists ? known.digest : null })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Retag"
      description="The same bytes under a further name. The tags it has stay."
    >
      <form onSubmit={submit}>
        <DialogBody>
          <dl className="flex items-center gap-3 rounded-lg bg-sunken px-3 py-2 text-sm">
            <dt className="text-muted">Manifest</dt>
            <dd className="flex min-w-0 items-center gap-2">
              <span className="truncate font-medium">
                {selector.includes(':') ? repository : `${repository}:${selector}`}
              </span>
              <Digest digest={digest} swatch copy={false} />
            </dd>
          </dl>
          <Field
            label="New tag"
            error={
              tag.trim() !== '' && !TAG.test(tag.trim())
                ? 'Letters, digits, _ . and - only, up to 128, not starting with . or -'
                : undefined
            }
            hint={
              isTag && state.isFetching
                ? 'Looking at what this tag is now…'
                : known?.exists === false
                  ? 'This tag does not exist yet.'
                  : ' '
            }
          >
            <Input
              autoFocus
              value={tag}
              onChange={(event) => setTag(event.target.value)}
              placeholder="for example stable"
              maxLength={128}
              aria-invalid={tag.trim() !== '' && !TAG.test(tag.trim())}
            />
          </Field>
          {isSame && <Notice title={`${name} points at this manifest already`}>There is nothing to change.</Notice>}
          {overwrites && (
            <Notice tone="warn" title={`${name} exists and will move`}>
              <span className="flex flex-wrap items-center gap-x-2">
                <span>from</span>{' '}
                <Digest
                  digest={known.digest}
                  swatch
                  copy={false}
                  href={manifestHref(registry, repository, known.digest)}
                />
                <span>to</span> <Digest digest={digest} swatch copy={false} />
              </span>
              <p className="mt-1">
                What it points at now stays in the registry under its digest, but whoever pulls {name} gets the other
                image.
              </p>
            </Notice>
          )}
          {state.data?.readOnly && <ProblemNotice problem={READ_ONLY} />}
          {state.error && <ProblemNotice problem={problemFrom(state.error)} />}
          {change.error && <ProblemNotice problem={problemFrom(change.error)} role="alert" />}
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant={overwrites ? 'danger' : 'primary'}
            disabled={!known || known.readOnly || isSame || change.isPending}
          >
            {change.isPending ? 'Tagging…' : overwrites ? `Move ${name} to ${shortDigest(digest)}` : 'Add tag'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
