import { formatAbsolute, formatRelative } from '@/lib/format/time'

/** A moment: relative, the exact time on hover. Server-rendered, so that both sides agree on "now". */
export function Time({ iso, className }: { iso: string; className?: string }) {
  return (
    <time dateTime={iso} title={formatAbsolute(iso)} className={className} suppressHydrationWarning>
      {formatRelative(iso, Date.now())}
    </time>
  )
}
