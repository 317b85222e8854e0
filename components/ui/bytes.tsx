import { formatBytes, formatExactBytes } from '@/lib/format/bytes'

interface BytesProps {
  bytes: number
  /** Of an index: the platform whose size it is. */
  platform?: string | undefined
  className?: string
}

/** A size: rounded, the exact bytes on hover. */
export function Bytes({ bytes, platform, className = 'whitespace-nowrap' }: BytesProps) {
  const exact = formatExactBytes(bytes)
  return (
    <span title={platform ? `${exact}, ${platform}` : exact} className={className}>
      {formatBytes(bytes)}
    </span>
  )
}
