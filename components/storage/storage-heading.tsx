/** Names a section, with what its numbers mean. */
export function StorageHeading({ id, title, children }: { id: string; title: string; children: React.ReactNode }) {
  return (
    <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
      <h2 id={id} className="text-sm font-semibold">
        {title}
      </h2>
      <p className="text-xs text-muted">{children}</p>
    </div>
  )
}
