import { Badge } from '@/components/ui/badge'
import { SafeText } from '@/components/ui/safe-text'
import type { ManifestView } from '@/lib/data/manifest/manifest-view'

const VERDICTS = {
  valid: { text: 'Intact', tone: 'good' },
  invalid: { text: 'Doesn’t match', tone: 'danger' },
  unsupported: { text: 'Can’t be checked', tone: 'warn' },
} as const

/**
 * The signatures inside a schema 1 manifest. They prove that it's unchanged since it was signed, but not who signed it.
 */
export function Schema1Signatures({ verification }: { verification: NonNullable<ManifestView['signatures']> }) {
  const { signatures, agree } = verification
  return (
    <section aria-labelledby="signatures" className="overflow-hidden rounded-xl border bg-surface shadow-xs">
      <div className="border-b px-4 py-2">
        <h3 id="signatures" className="text-sm font-medium">
          Signatures in this manifest <span className="font-normal text-muted tabular">{signatures.length}</span>
        </h3>
        <p className="text-xs text-muted">
          They show whether the content is unchanged since it was signed, not who signed it: the key is in the document.
        </p>
      </div>
      {!agree && <p className="border-b bg-danger-soft px-4 py-2 text-sm">The signatures cover different content.</p>}
      {signatures.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">This manifest isn’t signed.</p>
      ) : (
        <ul className="divide-y">
          {signatures.map(({ verdict, algorithm, keyId, reason }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: signatures repeat, and their place is what they are
            <li key={index} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm">
              <Badge tone={VERDICTS[verdict].tone}>{VERDICTS[verdict].text}</Badge>
              <span className="mono">{algorithm ? <SafeText text={algorithm} /> : 'no algorithm'}</span>
              {keyId && (
                <span className="min-w-0 text-muted">
                  key <span className="mono break-all">{keyId}</span>
                </span>
              )}
              {reason && <span className="w-full text-muted">{reason}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
