import type { ComponentProps } from 'react'
import { cn } from './cn'

interface InputProps extends ComponentProps<'input'> {
  /** As wide as its class says; else as what it is in. */
  isSized?: boolean
}

export function Input({ className, isSized = false, ...props }: InputProps) {
  return (
    <input
      className={cn(
        'h-8 min-w-0 rounded-md border border-line-strong/60 bg-surface px-2.5 text-sm text-ink shadow-xs',
        'hover:border-line-strong aria-invalid:border-danger disabled:opacity-55',
        !isSized && 'w-full',
        className,
      )}
      autoComplete="off"
      spellCheck={false}
      {...props}
    />
  )
}

export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string
  hint?: React.ReactNode
  error?: string
  children: React.ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="block">
      <span className="mb-1 block text-sm font-medium">{label}</span>
      {children}
      {error ? (
        <span role="alert" className="mt-1 block text-xs text-danger">
          {error}
        </span>
      ) : (
        hint && <span className="mt-1 block text-xs text-muted">{hint}</span>
      )}
    </label>
  )
}
