import { formatAbsolute, formatAgeOrDate, formatMinute, formatRelative } from '@/lib/format/time'

const FORMATS = { age: formatRelative, 'age-or-date': formatAgeOrDate, minute: formatMinute }

interface TimeProps {
  iso: string
  className?: string
  format?: keyof typeof FORMATS
}

/** A point in time: relative by default, exact on hover. Rendered on the server, so that both sides agree on "now". */
export function Time({ iso, className, format = 'age' }: TimeProps) {
  return (
    <time dateTime={iso} title={formatAbsolute(iso)} className={className} suppressHydrationWarning>
      {FORMATS[format](iso, Date.now())}
    </time>
  )
}
