import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import { plural } from '@/lib/format/bytes'
import { manifestHref } from '@/lib/routes/href'
import {
  type ManifestLabelView,
  type ManifestPageState,
  manifestPageQuery,
  otherTab,
} from '@/lib/routes/manifest-page-query'
import type { ManifestPlace } from './manifest-place'

interface LabelViewsProps {
  place: ManifestPlace
  state: ManifestPageState
  findings: number
}

/** The labels themselves, or the policies' verdict on them. */
export function LabelViews({ place, state, findings }: LabelViewsProps) {
  const view = (name: ManifestLabelView, text: string) => (
    <Link
      href={manifestHref(place, place.selector, manifestPageQuery({ ...otherTab(state, 'labels'), view: name }))}
      scroll={false}
      aria-current={state.view === name ? 'page' : undefined}
      className={cn(
        'rounded-md px-2.5 py-1',
        state.view === name ? 'bg-surface font-medium text-ink shadow-xs' : 'text-muted hover:text-ink',
      )}
    >
      {text}
    </Link>
  )
  return (
    <nav aria-label="Views of labels" className="mb-4 inline-flex gap-1 rounded-lg border bg-sunken p-0.5 text-sm">
      {view('all', 'All labels')}
      {view('policy', findings > 0 ? `Policy: ${plural(findings, 'finding')}` : 'Policy')}
    </nav>
  )
}
