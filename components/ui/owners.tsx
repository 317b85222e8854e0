import { SafeText } from './safe-text'

interface OwnersProps {
  owners: readonly { readonly name?: string; readonly label?: string }[]
}

/** Whose something is by the policies, each with the label that says so, where one does. */
export function Owners({ owners }: OwnersProps) {
  return owners.map(({ name, label }, at) => (
    <span key={name ?? ''} className={name === undefined ? 'text-warn' : undefined}>
      {at > 0 && ', '}
      {name === undefined ? (
        `no ${label} label`
      ) : (
        <>
          {label !== undefined && <SafeText text={`${label}=`} className="text-muted" />}
          <SafeText text={name} longest={100} />
        </>
      )}
    </span>
  ))
}
