import { formatCount, plural } from '@/lib/format/bytes'

/** How many repositories are below a namespace; nothing for none. */
export function BelowCount({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span className="text-xs font-normal text-muted tabular">
      <span aria-hidden>{formatCount(count)}</span>
      <span className="sr-only"> {plural(count, 'repository', 'repositories')} below</span>
    </span>
  )
}
