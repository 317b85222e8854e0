'use client'

import { Upload } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { onDemand } from '@/components/ui/on-demand'

const LoadDialog = onDemand(() => import('./load-dialog').then((module) => module.LoadDialog))

/** @param repository without it, the archive's own names say where its images go */
export function LoadArchive({ registry, repository }: { registry: string; repository?: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <Upload aria-hidden />
        Load archive
      </Button>
      {open && <LoadDialog registry={registry} repository={repository} onClose={() => setOpen(false)} />}
    </>
  )
}
