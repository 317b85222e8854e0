import { Skeleton } from '@/components/ui/skeleton'

interface PendingScreenProps {
  title: React.ReactNode
  breadcrumbs: React.ReactNode
  /** What's already known. */
  children?: React.ReactNode
}

/** A page still loading: its place, and room for its content. */
export function PendingScreen({ title, breadcrumbs, children }: PendingScreenProps) {
  return (
    <>
      {breadcrumbs}
      <h1 className="mb-4 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{title}</h1>
      <PendingRows>{children}</PendingRows>
    </>
  )
}

/** Room for the content, below what's already known. */
export function PendingRows({ children }: { children?: React.ReactNode }) {
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      {children}
      {[40, 32, 36].map((width) => (
        <Skeleton key={width} width={width} size="block" className="max-w-full" />
      ))}
    </div>
  )
}
