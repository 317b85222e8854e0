import type { JobView } from '@/lib/data/jobs/jobs'
import { formatCount, plural } from '@/lib/format/bytes'

/** A sync reads the repositories that are due: those in which nothing has changed for long are read less often. */
export function syncFigures({ progress, state, source }: Pick<JobView, 'progress' | 'state' | 'source'>): string {
  const { done, total, counts } = progress
  if (state === 'queued') return 'Waiting for other jobs'
  const { tags = 0, problems = 0, failed = 0 } = counts
  if (total === 0) {
    if (state === 'failed' || state === 'cancelled') return 'No repository was listed'
    return state === 'done' ? 'No repository was due to be read again' : 'Listing repositories'
  }
  const due = source?.repository === undefined ? ' due' : ''
  return [
    `${formatCount(done)} of ${plural(total, 'repository', 'repositories')}${due}`,
    plural(tags, 'tag'),
    ...(problems > 0 ? [`${plural(problems, 'manifest')} can’t be read`] : []),
    ...(failed > 0 ? [`${plural(failed, 'repository', 'repositories')} failed`] : []),
  ].join(' · ')
}
