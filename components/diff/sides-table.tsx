import { Panel } from '@/components/ui/panel'

/** A table of named values on both sides; on narrow screens each row is stacked. `children` are its rows. */
export function SidesTable({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Panel>
      <table className="stacked w-full text-sm md:table-fixed">
        <colgroup className="max-md:hidden">
          <col className="w-11" />
          <col className="w-[28%]" />
          <col />
          <col />
        </colgroup>
        <thead className="text-left text-xs text-muted">
          <tr className="border-b [&>th]:h-8 [&>th]:pr-3 [&>th]:font-medium">
            <th scope="col">
              <span className="sr-only">Change</span>
            </th>
            <th scope="col">{name}</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Panel>
  )
}
