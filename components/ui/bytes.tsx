import { formatBytes, formatExactBytes } from '@/lib/format/bytes'

/** A size: rounded, the exact bytes on hover. */
export function Bytes({ bytes, className }: { bytes: number; className?: string }) {
  return (
    <span title={formatExactBytes(bytes)} className={className}>
      {formatBytes(bytes)}
    </span>
  )
}
