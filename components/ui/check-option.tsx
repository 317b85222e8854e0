import { cn } from './cn'

interface CheckOptionProps {
  checked: boolean
  onChange: (checked: boolean) => void
  /** Says that checking it takes or overwrites something. */
  danger?: boolean
  disabled?: boolean
  /** In smaller type below. */
  detail?: string
  children: React.ReactNode
}

/** A checkbox with its label. */
export function CheckOption({ checked, onChange, danger = false, disabled, detail, children }: CheckOptionProps) {
  return (
    <label className="flex items-start gap-2 text-sm text-ink">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className={cn('mt-0.5 size-4 shrink-0', danger && '[--choice-ink:var(--danger-ink)] [--choice:var(--danger)]')}
      />
      <span>
        {children}
        {detail && <span className="block text-xs text-muted">{detail}</span>}
      </span>
    </label>
  )
}
