import { Icon } from '@/components/ui/icon'

/** The lock beside a tag that a rule protects. */
export function ProtectedMark({ rule }: { rule: string }) {
  const protection = `Protected by the rule “${rule}”: can’t be moved or deleted`
  return (
    <span role="img" title={protection} aria-label={protection}>
      <Icon name="lock" className="ml-1.5 inline size-3.5 align-[-0.125em] text-muted" />
    </span>
  )
}
