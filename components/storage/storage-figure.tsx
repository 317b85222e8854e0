import { FIGURES } from '@/components/ui/figures'

/** Sums side by side. */
export function StorageFigures({ children }: { children: React.ReactNode }) {
  return <dl className={FIGURES}>{children}</dl>
}

interface StorageFigureProps {
  name: string
  value: string
  note: string
  /** Drawn beside it. */
  children?: React.ReactNode
}

export function StorageFigure({ name, value, note, children }: StorageFigureProps) {
  return (
    <div className="min-w-0 bg-surface px-4 py-3">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="flex flex-wrap items-end justify-between gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-32">
          <span className="block text-lg font-semibold tracking-tight tabular">{value}</span>
          <span className="block text-xs text-muted">{note}</span>
        </span>
        {children}
      </dd>
    </div>
  )
}
