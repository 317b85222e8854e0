/** A panel of facts: a title, then a label and a value in each row. */
export function FactList({
  title,
  note,
  footer,
  children,
}: {
  title: string
  note?: React.ReactNode
  /** Below the facts; a list of definitions can't hold it. */
  footer?: React.ReactNode
  children: React.ReactNode
}) {
  return (
    <section aria-label={title} className="overflow-hidden rounded-xl border bg-surface shadow-xs">
      <h3 className="flex items-baseline gap-2 border-b px-4 py-2 text-sm font-medium">
        {title}
        {note !== undefined && <span className="text-xs font-normal text-muted tabular">{note}</span>}
      </h3>
      <dl className="px-4 py-1 empty:hidden">{children}</dl>
      {footer && <div className="px-4 py-2 text-sm text-muted">{footer}</div>}
    </section>
  )
}

export function FactRow({ label, children }: { label: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(6.5rem,26%)_1fr] gap-x-4 border-b py-2 text-sm last:border-0">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

export function NotSet({ children = 'not set' }: { children?: React.ReactNode }) {
  return <span className="text-muted">{children}</span>
}
