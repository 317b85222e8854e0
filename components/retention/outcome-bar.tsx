import { ShieldCheck, Trash2 } from 'lucide-react'
import { SafeText } from '@/components/ui/safe-text'
import type { PolicySimulation } from '@/lib/data/retention/simulate-policy'
import { formatBytes, formatCount, plural } from '@/lib/format/bytes'
import { goingShare, isOverLimit } from '@/lib/format/going-share'
import { undecidedText } from './undecided-text'
import { unversionedNames } from './unversioned-names'

interface OutcomeBarProps {
  simulation: PolicySimulation
  mostShare: number
  /** Whether a rule keeps versions: it keeps nothing else. */
  isByVersion: boolean
}

/** Kept and deleted tags to scale, under their numbers, which would be cut in a narrow part; with the limit at which a run stops. */
export function OutcomeBar({ simulation, mostShare, isByVersion }: OutcomeBarProps) {
  const { tags, going, imagesGoing, imagesStaying, freesAtMost, unknown, asPlatforms, difference } = simulation
  const { partialRepositories, unversioned, refusals } = simulation
  const share = goingShare(simulation)
  const isOver = isOverLimit(simulation, mostShare)
  return (
    <section aria-label="Outcome" className="rounded-xl border bg-surface px-4 py-3 shadow-xs">
      <p className="mb-1.5 flex flex-wrap justify-between gap-x-4 text-sm font-medium">
        <span className="flex items-center gap-1.5 text-good">
          <ShieldCheck aria-hidden className="size-3.5 shrink-0" />
          {formatCount(tags - going)} kept
        </span>
        {going > 0 && (
          <span className="flex items-center gap-1.5 text-danger">
            <Trash2 aria-hidden className="size-3.5 shrink-0" />
            {formatCount(going)} to delete, {share.toFixed(1)}%
          </span>
        )}
      </p>
      <div aria-hidden className="relative flex h-3">
        <i className="min-w-0 rounded-s-md bg-good-soft last:rounded-e-md" style={{ flex: `${tags - going} 1 0` }} />
        {going > 0 && (
          <i className="min-w-0.5 rounded-e-md bg-danger first:rounded-s-md" style={{ flex: `${going} 1 0` }} />
        )}
        <i className="absolute -inset-y-1 border-s-2 border-ink" style={{ right: `${mostShare}%` }} />
      </div>
      {/* Ends at the mark, and starts within the bar. */}
      <p
        className="mt-1.5 text-end text-2xs text-muted"
        style={{ paddingInlineEnd: `min(${mostShare}%, 100% - 6rem)` }}
      >
        stops above {mostShare}%
      </p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
        <span>
          Frees at most <b className="font-semibold text-ink">{formatBytes(freesAtMost)}</b>
        </span>
        <span>
          {plural(imagesGoing, 'image')} deleted, {formatCount(imagesStaying)} kept with fewer tags
        </span>
        {difference && difference.newlyGoing + difference.newlyKept > 0 && (
          <span>
            Compared with the saved policy: {formatCount(difference.newlyGoing)} more deleted,{' '}
            {formatCount(difference.newlyKept)} more kept
          </span>
        )}
      </p>
      {isByVersion && unversioned.going > 0 && (
        <p className="mt-1 text-sm text-warn">
          {unversioned.going === 1
            ? '1 tag to delete isn’t a version'
            : `${formatCount(unversioned.going)} tags to delete aren’t versions`}
          : <SafeText text={unversionedNames(unversioned)} />.
        </p>
      )}
      {asPlatforms > 0 && (
        <p className="mt-1 text-sm text-muted">
          {plural(asPlatforms, 'tag')} {asPlatforms === 1 ? 'is' : 'are'} kept as{' '}
          {asPlatforms === 1 ? 'a platform' : 'platforms'} of multi-platform images that stay.
        </p>
      )}
      {refusals.map(({ registry, problem }) => (
        <p key={registry} className="mt-1 text-sm text-danger">
          {registry} will probably refuse to delete. {problem.detail} {problem.advice}
        </p>
      ))}
      {unknown > 0 && <p className="mt-1 text-sm text-warn">{undecidedText(unknown)}</p>}
      {partialRepositories > 0 && (
        <p className="mt-1 text-sm text-warn">
          Not all tags of {plural(partialRepositories, 'repository', 'repositories')} are known yet. A run reads the
          registry first.
        </p>
      )}
      {isOver && (
        <p role="status" className="mt-1 text-sm text-danger">
          A run would stop and delete nothing: {share.toFixed(1)}% is more than {mostShare}%.
        </p>
      )}
    </section>
  )
}
