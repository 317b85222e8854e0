'use client'

import { useState } from 'react'
import { ReferenceInput } from '@/components/diff/reference-input'
import { Button } from '@/components/ui/button'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import type { Place } from '@/lib/oci/place'
import { parseDiffSide } from '@/lib/routes/diff-side'
import { isDigestSelector } from '@/lib/routes/selector'
import { CopyDialog } from './copy-dialog'

/** First asks what to copy, from any configured registry; then continues with the same dialog as copying elsewhere. */
export function CopyHereDialog({ place: { registry, repository }, onClose }: { place: Place; onClose: () => void }) {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(false)
  const source = parseDiffSide(text.trim())
  if (chosen && source)
    return (
      <CopyDialog
        source={source}
        proposal={{ registry, repository, tag: isDigestSelector(source.selector) ? '' : source.selector }}
        onBack={() => setChosen(false)}
        onClose={onClose}
      />
    )
  return (
    <Dialog open onClose={onClose} title="Copy image here" description={`${registry}/${repository}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setChosen(true)
        }}
      >
        <DialogBody className="min-h-40">
          <ReferenceInput
            label="Image to copy"
            value={text}
            onChange={(changed) => {
              setText(changed)
              setChosen(false)
            }}
            initialFocus
          />
          {chosen && !source ? (
            <p role="alert" className="text-xs text-danger">
              Enter a configured registry, a repository and a tag or digest, for example{' '}
              <span className="mono">{registry}/team/app:1.0</span>
            </p>
          ) : (
            <p className="text-xs text-muted">
              From any configured registry: <span className="mono">registry/repository:tag</span> or{' '}
              <span className="mono">…@sha256:…</span>
            </p>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={text.trim() === ''}>
            Next
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
