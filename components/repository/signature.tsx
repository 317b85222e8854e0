import { Icon } from '@/components/ui/icon'
import type { SignedPlatforms } from '@/lib/data/tags/shared-digests'

/** Whether a signature is attached, or to how many of an index’s platforms. The head of its column says what that doesn’t mean. */
export function Signature({ signed }: { signed?: boolean | SignedPlatforms | undefined }) {
  if (signed === undefined) return <span className="unknown">unknown</span>
  if (typeof signed === 'object')
    return (
      <span className="signature" title="Platforms that are signed. The index that lists them isn’t.">
        <Icon name="signature" />
        {signed.signed} of {signed.of} signed
      </span>
    )
  return (
    <span className={signed ? 'signature quiet' : 'signature'}>
      <Icon name={signed ? 'signature' : 'circle'} />
      {signed ? 'signed' : 'not signed'}
    </span>
  )
}

export const SIGNATURE_HINT = 'Not verified'
