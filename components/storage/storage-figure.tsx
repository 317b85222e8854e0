/** Sums side by side. */
export function StorageFigures({ children }: { children: React.ReactNode }) {
  return (
    <dl className="grid gap-px overflow-hidden rounded-xl border bg-line shadow-xs sm:grid-cols-2 lg:grid-cols-4">
      {children}
    </dl>
  )
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
    <div className="bg-surface px-4 py-3">
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
