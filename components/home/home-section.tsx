import { Link } from '@/components/ui/link'

interface HomeSectionProps {
  id: string
  title: string
  /** A count or a state. */
  note?: string
  more?: { readonly href: string; readonly text: string }
  children: React.ReactNode
}

/** One section of what needs attention. */
export function HomeSection({ id, title, note, more, children }: HomeSectionProps) {
  return (
    <section aria-labelledby={id}>
      <div className="mb-2 flex items-baseline gap-2 text-sm">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {note && <span className="text-xs text-muted">{note}</span>}
        {more && (
          <Link href={more.href} className="ml-auto text-xs font-medium text-accent underline-offset-2 hover:underline">
            {more.text}
          </Link>
        )}
      </div>
      {children}
    </section>
  )
}
