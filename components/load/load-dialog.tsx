'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { formatBytes } from '@/lib/format/bytes'
import { DropZone } from './drop-zone'
import { LoadedList } from './loaded-list'
import { useUpload } from './use-upload'

/** Streams an archive into a layout, shows the progress, and lists what was loaded. */
export function LoadDialog({
  registry,
  repository,
  file,
  onFile,
  onClose,
}: {
  registry: string
  repository?: string
  file: File | undefined
  onFile: (file: File) => void
  onClose: () => void
}) {
  const router = useRouter()
  const [overwrite, setOverwrite] = useState(false)
  /** Another file may be dropped while this one is sent. */
  const [sent, setSent] = useState<File>()
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
      title="Load archive"
      description={repository ? `Into ${registry}/${repository}` : `Into ${registry}, under the names in the archive`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!file) return
          setSent(file)
          start(file, overwrite)
        }}
      >
        <DialogBody>
          {upload.state === 'loaded' ? (
            <LoadedList registry={registry} outcome={upload} />
          ) : (
            <>
              <DropZone file={isBusy ? sent : file} disabled={isBusy} onFile={onFile} />
              <CheckOption
                checked={overwrite}
                onChange={setOverwrite}
                disabled={isBusy}
                danger
                detail="Otherwise, if one of the tags is another image, nothing is tagged."
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
              <Button type="submit" variant="primary" disabled={!file || isBusy}>
                {isBusy ? 'Loading…' : 'Load archive'}
              </Button>
            </>
          )}
        </DialogFooter>
      </form>
    </Dialog>
  )
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
