'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { formatBytes } from '@/lib/format/bytes'
import { isRepositoryName } from '@/lib/oci/reference'
import { ArchiveTags } from './archive-tags'
import { DropZone } from './drop-zone'
import { LoadedList } from './loaded-list'
import { useArchiveTags } from './use-archive-tags'
import { useUpload } from './use-upload'

/** Streams an archive into a registry, under the tags that it has or that the user gives it; shows the progress, and lists what was loaded. */
export function LoadDialog({
  registry,
  repository: fixed,
  asksRepository,
  file,
  onFile,
  onClose,
}: {
  registry: string
  repository?: string
  asksRepository: boolean
  file: File | undefined
  onFile: (file: File) => void
  onClose: () => void
}) {
  const router = useRouter()
  const [overwrite, setOverwrite] = useState(false)
  /** Another file may be dropped while this one is sent. */
  const [sent, setSent] = useState<File>()
  const [typed, setTyped] = useState('')
  const repository = fixed ?? (asksRepository ? typed : undefined)
  const isPlaced = repository === undefined || isRepositoryName(repository)
  const tags = useArchiveTags(file)
  const { upload, start, abort } = useUpload(registry, repository)
  const isBusy = upload.state === 'sending'
  const close = () => {
    abort()
    onClose()
    if (upload.state === 'loaded') router.refresh()
  }
  return (
    <Dialog
      open
      onClose={close}
      isBusy={isBusy}
      title="Load archive"
      description={descriptionOf(registry, fixed, asksRepository)}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!file || !isPlaced || !tags.isValid) return
          setSent(file)
          start(file, overwrite, tags.changed)
        }}
      >
        <DialogBody>
          {upload.state === 'loaded' ? (
            <LoadedList registry={registry} outcome={upload} />
          ) : (
            <>
              <DropZone file={isBusy ? sent : file} disabled={isBusy} onFile={onFile} />
              {asksRepository && (
                <Field
                  label="Into repository"
                  error={typed !== '' && !isPlaced ? 'Not a valid repository name, for example team-a/api' : undefined}
                >
                  <Input
                    value={typed}
                    onChange={(event) => setTyped(event.target.value)}
                    placeholder="team-a/api"
                    disabled={isBusy}
                  />
                </Field>
              )}
              <ArchiveTags tags={tags} disabled={isBusy} />
              <CheckOption
                checked={overwrite}
                onChange={setOverwrite}
                disabled={isBusy}
                danger
                detail="Otherwise, nothing is tagged if one of the tags exists on another image."
              >
                Overwrite existing tags
              </CheckOption>
              {upload.state === 'sending' && <Sending sent={upload.sent} total={upload.total} />}
              {upload.state === 'failed' && <ProblemNotice problem={upload.problem} role="alert" />}
            </>
          )}
        </DialogBody>
        <DialogFooter>
          {upload.state === 'loaded' ? (
            <Button variant="primary" onClick={close} autoFocus>
              Done
            </Button>
          ) : (
            <>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" variant="primary" disabled={!file || isBusy || !isPlaced || !tags.isValid}>
                {isBusy ? 'Loading…' : 'Load archive'}
              </Button>
            </>
          )}
        </DialogFooter>
      </form>
    </Dialog>
  )
}

function descriptionOf(registry: string, repository: string | undefined, asksRepository: boolean): string {
  if (repository) return `Into ${registry}/${repository}`
  return asksRepository ? `Into ${registry}` : `Into ${registry}, under the names in the archive`
}

function Sending({ sent, total }: { sent: number; total: number }) {
  return (
    <div className="space-y-1.5">
      <progress
        aria-label="Sent"
        value={sent}
        max={Math.max(1, total)}
        className="block h-1.5 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
      <p role="status" className="text-xs text-muted tabular">
        {sent < total ? `${formatBytes(sent)} of ${formatBytes(total)} sent` : 'All sent. Storing the images…'}
      </p>
    </div>
  )
}
