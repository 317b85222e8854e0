import { TabLink, TabNav } from '@/components/ui/tab-nav'
import { formatCount } from '@/lib/format/bytes'
import { labelsHref } from '@/lib/routes/labels-href'
import type { LabelsPageState, LabelView } from '@/lib/routes/labels-page-query'

/** The ways to look at labels. */
export function LabelsTabs({ state, keys }: { state: LabelsPageState; keys: number }) {
  const tab = (view: LabelView) => ({
    href: labelsHref({ ...state, view, key: null }),
    current: state.view === view ? ('page' as const) : undefined,
  })
  return (
    <TabNav label="Views">
      <TabLink {...tab('matrix')}>Matrix</TabLink>
      <TabLink {...tab('keys')} count={formatCount(keys)}>
        Keys
      </TabLink>
    </TabNav>
  )
}
