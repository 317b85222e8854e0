/** One entry of a list of facts: a label and its value. */
export function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex items-center gap-2">
      <dt className="text-xs whitespace-nowrap text-muted">{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
