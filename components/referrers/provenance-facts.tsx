import { Digest } from '@/components/ui/digest'
import { Fold } from '@/components/ui/fold'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import { formatAbsolute } from '@/lib/format/time'
import type { Provenance } from '@/lib/oci/provenance'
import { FactRow, NotSet } from '../manifest/fact-list'

/** Builder, source, commit, times and materials of a build, as its builder states them. */
export function ProvenanceFacts({ provenance }: { provenance: Provenance }) {
  const { builder, buildType, source, commit, entryPoint, started, finished, invocation, materials } = provenance
  return (
    <>
      <FactRow label="Builder">
        {builder ? <SafeText text={builder} linked className="mono" /> : <NotSet>not stated</NotSet>}
      </FactRow>
      <FactRow label="Source">
        {source ? <SafeText text={source} linked className="mono" /> : <NotSet>not stated</NotSet>}
      </FactRow>
      <FactRow label="Commit">
        {commit ? <SafeText text={commit} className="mono" /> : <NotSet>not stated</NotSet>}
      </FactRow>
      {entryPoint && (
        <FactRow label="Entry point">
          <SafeText text={entryPoint} className="mono" />
        </FactRow>
      )}
      {buildType && (
        <FactRow label="Build type">
          <SafeText text={buildType} linked className="mono" />
        </FactRow>
      )}
      {started && <BuildTime label="Build started" iso={started} />}
      {finished && <BuildTime label="Build finished" iso={finished} />}
      {invocation && (
        <FactRow label="Invocation">
          <SafeText text={invocation} linked className="mono" />
        </FactRow>
      )}
      <FactRow label="Materials">
        {materials.length === 0 ? <NotSet>none stated</NotSet> : <Materials materials={materials} />}
      </FactRow>
    </>
  )
}

function BuildTime({ label, iso }: { label: string; iso: string }) {
  return (
    <FactRow label={label}>
      <Time iso={iso} /> <span className="text-muted">({formatAbsolute(iso)})</span>
    </FactRow>
  )
}

/** More than this of a list is folded; more than `MOST` isn't shown at all. */
const FEW = 5
const MOST = 200

function Materials({ materials }: Pick<Provenance, 'materials'>) {
  const list = (
    <ul className="space-y-1">
      {materials.slice(0, MOST).map(({ uri, digest }, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a material may be named twice, and the list never changes
        <li key={position} className="flex flex-wrap items-baseline gap-x-3">
          <SafeText text={uri} className="mono min-w-0 [overflow-wrap:anywhere]" />
          {digest && <Digest digest={digest} />}
        </li>
      ))}
      {materials.length > MOST && <li className="text-muted">and {materials.length - MOST} more</li>}
    </ul>
  )
  return materials.length > FEW ? <Fold show={`Show all ${materials.length}`}>{list}</Fold> : list
}
