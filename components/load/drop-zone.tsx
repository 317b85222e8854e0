'use client'

import { FileArchive } from 'lucide-react'
import { useState } from 'react'
import { cn } from '@/components/ui/cn'
import { formatBytes } from '@/lib/format/bytes'

interface DropZoneProps {
  file: File | undefined
  disabled: boolean
  onFile: (file: File) => void
}

/** A file, picked or dropped. Files may also be dropped anywhere else on the page. */
export function DropZone({ file, disabled, onFile }: DropZoneProps) {
  const [over, setOver] = useState(false)
  return (
    <label
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={() => setOver(false)}
      className={cn(
        'flex cursor-pointer flex-col items-center gap-1.5 rounded-lg border border-dashed border-line-strong px-6 py-8 text-center text-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        over && 'border-accent bg-accent-soft/50',
        disabled && 'pointer-events-none opacity-55',
      )}
    >
      <FileArchive aria-hidden className="size-6 text-faint" strokeWidth={1.5} />
      {file ? (
        <span className="font-medium break-all">
          {file.name} <span className="font-normal text-muted">{formatBytes(file.size)}</span>
        </span>
      ) : (
        <span className="font-medium">Drop an archive here, or choose a file</span>
      )}
      <span className="text-xs text-muted">OCI or docker save archive; uncompressed, gzip or zstd</span>
      <input
        type="file"
        aria-label="Archive"
        accept=".tar,.gz,.tgz,.zst,application/x-tar,application/gzip"
        disabled={disabled}
        data-initial-focus
        onChange={(event) => event.target.files?.[0] && onFile(event.target.files[0])}
        className="sr-only"
      />
    </label>
  )
}
