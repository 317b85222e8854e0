import type { LucideIcon } from 'lucide-react'

/** Shown instead of content: what is missing, and what to do about it. */
export function Empty({
  icon: Icon,
  title,
  children,
}: {
  icon: LucideIcon
  title: string
  children?: React.ReactNode
}) {
  return (
    <div className="flex flex-col items-center rounded-lg border border-dashed border-line px-6 py-12 text-center">
      <Icon aria-hidden className="mb-3 size-6 text-faint" strokeWidth={1.5} />
      <p className="font-medium">{title}</p>
      {children && (
        <div className="mt-1 w-full max-w-prose text-sm text-muted [overflow-wrap:anywhere]">{children}</div>
      )}
    </div>
  )
}
