'use client'

import { Download } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { onDemand } from '@/components/ui/on-demand'
import type { DownloadTarget } from './download-target'

const DownloadMenuContent = onDemand(
  () => import('./download-menu-content').then((module) => module.DownloadMenuContent),
  () => <DownloadButton />,
)

/** The menu itself loads when it's first opened. */
export function DownloadMenu({ target }: { target: DownloadTarget }) {
  const [used, setUsed] = useState(false)
  if (used) return <DownloadMenuContent target={target} />
  return <DownloadButton onClick={() => setUsed(true)} />
}

function DownloadButton({ onClick }: { onClick?: () => void }) {
  return (
    <Button aria-haspopup="menu" aria-expanded={false} onClick={onClick}>
      <Download aria-hidden />
      Download
    </Button>
  )
}
