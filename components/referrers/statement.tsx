import { Digest } from '@/components/ui/digest'
import { Fold } from '@/components/ui/fold'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import type { StatementView } from '@/lib/data/manifest/read-statements'
import { isLong } from '@/lib/format/folding'
import { knownType } from '@/lib/oci/known-types'
import { FactList, FactRow } from '../manifest/fact-list'
import { ProvenanceFacts } from './provenance-facts'
import { SignerFacts } from './signer-facts'

/** One signature or in-toto statement: who signed it, what it's about, what it says. */
export function Statement({ statement }: { statement: StatementView }) {
  const { mediaType, digest, predicateType, subjects, provenance, content, signatures, problem } = statement
  const type = predicateType ?? mediaType
  const title = knownType(type).name ?? (predicateType ? 'Statement' : 'Signature')
  return (
    <FactList title={title} note={<Digest digest={digest} copy={false} />}>
      {problem && (
        <div className="py-2">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {signatures.map((signature, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: signatures have no name, and the list never changes
        <SignerFacts key={position} signature={signature} />
      ))}
      {predicateType && signatures.length === 0 && (
        <FactRow label="Signed by">
          <span className="text-warn">Not signed</span>
          <span className="text-muted"> – anyone who can push to this repository can write it</span>
        </FactRow>
      )}
      {provenance && <ProvenanceFacts provenance={provenance} />}
      {predicateType && (
        <FactRow label="Predicate type">
          <SafeText text={predicateType} className="mono text-xs" />
        </FactRow>
      )}
      {subjects.length > 0 && (
        <FactRow label={subjects.length === 1 ? 'Subject' : `${subjects.length} subjects`}>
          <ul className="max-h-40 space-y-1 overflow-y-auto">
            {subjects.map((subject) => (
              <li key={`${subject.name} ${subject.digest}`} className="flex flex-wrap items-center gap-x-2">
                {subject.name !== '' && subject.name !== '_' && <SafeText text={subject.name} className="mono" />}
                <Digest digest={subject.digest} />
              </li>
            ))}
          </ul>
        </FactRow>
      )}
      {content && (
        <FactRow label={predicateType ? 'Predicate' : 'Signed payload'}>
          <Content text={content} />
        </FactRow>
      )}
    </FactList>
  )
}

function Content({ text }: { text: string }) {
  const shown = <SafeText text={text} className="mono block text-xs" longest={text.length} />
  return isLong(text) ? <Fold>{shown}</Fold> : shown
}
