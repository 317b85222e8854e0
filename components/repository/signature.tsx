import { Icon } from '@/components/ui/icon'

/** Whether a signature is attached. The head of its column says what that doesn’t mean. */
export function Signature({ signed }: { signed?: boolean | undefined }) {
  if (signed === undefined) return <span className="unknown">unknown</span>
  return (
    <span className={signed ? 'signature quiet' : 'signature'}>
      <Icon name={signed ? 'signature' : 'circle'} />
      {signed ? 'signed' : 'not signed'}
    </span>
  )
}

export const SIGNATURE_HINT = 'Not verified'
