import { AsOf } from '@/components/history/as-of'
import { RepositoryHistory } from '@/components/history/repository-history'
import { RepositoryLabels } from '@/components/labels/repository-labels'
import { RepositoryPolicy } from '@/components/policy/repository-policy'
import { RepositoryStorage } from '@/components/storage/repository-storage'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { RepositoryTabs, RepositoryView } from '@/lib/data/registries/read-repository-view'
import type { TagPage } from '@/lib/data/tags/read-tags'
import type { PullSource } from '@/lib/format/pull-commands'
import type { Place } from '@/lib/oci/place'
import type { Attempt } from '@/lib/problem/attempt'
import type { TagTableState } from '@/lib/routes/tag-table-query'
import { ImageTable } from './image-table'
import { ReferrerTags } from './referrer-tags'
import { TagTable } from './tag-table'

interface RepositoryViewPageProps {
  place: Place
  tags: TagPage
  view: RepositoryView
  state: TagTableState
  tabs: RepositoryTabs
  may: {
    readonly retag: boolean
    readonly delete: boolean
    readonly copy: boolean
    readonly label: boolean
    readonly setUp: boolean
  }
  from?: PullSource | undefined
}

/** The tab of a repository that is shown. */
export function RepositoryViewPage({ tags, view, tabs, ...context }: RepositoryViewPageProps) {
  const { place, state } = context
  switch (view.kind) {
    case 'tags':
      return (tags.total > 0 || !tags.isListing) && <TagTable {...context} page={tags} />
    case 'as-of':
      return show(view.past, (past) => <AsOf place={place} page={past} state={tabs.asOf} />)
    case 'images':
      return tags.total > 0 || view.images.untagged ? (
        <ImageTable {...context} page={view.images} />
      ) : (
        <TagTable {...context} page={tags} />
      )
    case 'referrers':
      return <ReferrerTags place={place} page={view.referrers} />
    case 'history':
      return show(view.history, (history) => <RepositoryHistory place={place} history={history} state={tabs.history} />)
    case 'labels':
      return show(view.labels, (page) => <RepositoryLabels place={place} page={page} state={tabs.labels} />)
    case 'storage':
      return show(view.storage, (storage) => (
        <RepositoryStorage place={place} storage={storage} state={state} mayDelete={context.may.delete} />
      ))
    case 'policy':
      return show(view.report, (report) => (
        <RepositoryPolicy report={report} state={tabs.policy} seesSetup={context.may.setUp} />
      ))
  }
}

function show<T>(read: Attempt<T>, render: (value: T) => React.ReactNode): React.ReactNode {
  return read.ok ? render(read.value) : <ProblemNotice problem={read.problem} />
}
