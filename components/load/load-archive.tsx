'use client'

import { Upload } from 'lucide-react'
import { useState } from 'react'
import { onDemand } from '@/components/ui/on-demand'
import { ChangeButton, useRefusal } from '@/components/ui/refusal'
import { showToast } from '@/components/ui/toast'
import { useFileDrop } from './use-file-drop'

const LoadDialog = onDemand(() => import('./load-dialog').then((module) => module.LoadDialog))

/**
 * A button, and the whole page as a drop target: a file dropped beside a smaller one would make the browser navigate to it.
 * @param repository without it, the archive's own names decide where its images go
 * @param asksRepository the user names the repository
 */
export function LoadArchive({
  registry,
  repository,
  asksRepository = false,
}: {
  registry: string
  repository?: string
  asksRepository?: boolean
}) {
  const [open, setOpen] = useState(false)
  const [file, setFile] = useState<File>()
  const why = useRefusal()
  useFileDrop((dropped) => {
    if (why !== undefined) return showToast({ tone: 'danger', title: 'Not loaded', description: why })
    setFile(dropped)
    setOpen(true)
  })
  const close = () => {
    setOpen(false)
    setFile(undefined)
  }
  return (
    <>
      <ChangeButton onClick={() => setOpen(true)}>
        <Upload aria-hidden />
        Load archive
      </ChangeButton>
      {open && (
        <LoadDialog
          registry={registry}
          repository={repository}
          asksRepository={asksRepository}
          file={file}
          onFile={setFile}
          onClose={close}
        />
      )}
    </>
  )
}
