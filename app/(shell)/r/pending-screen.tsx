import { Skeleton } from '@/components/ui/skeleton'

interface PendingScreenProps {
  title: string
  breadcrumbs: React.ReactNode
  /** What is known already. */
  children?: React.ReactNode
}

/** A page whose content is on its way: where it is, and room for what comes. */
export function PendingScreen({ title, breadcrumbs, children }: PendingScreenProps) {
  return (
    <>
      {breadcrumbs}
      <h1 className="mb-4 text-xl font-semibold tracking-tight break-all">{title}</h1>
      <div role="status" aria-label="Loading" className="space-y-3">
        {children}
        {[40, 32, 36].map((width) => (
          <Skeleton key={width} width={width} size="block" className="max-w-full" />
        ))}
      </div>
    </>
  )
}
