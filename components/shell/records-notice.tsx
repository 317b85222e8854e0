import { Notice } from '@/components/ui/notice'

/** On pages that cover every registry, for people who signed in with their own account of one. */
export function RecordsNotice({ registry }: { registry: string | undefined }) {
  if (registry === undefined) return null
  return (
    <Notice title={`${registry} isn’t included here`} className="my-4">
      You signed in with your own account of {registry}. This page shows what Lading records with its own credentials,
      and your account may not be allowed to see all of it. Browse {registry} itself instead.
    </Notice>
  )
}
