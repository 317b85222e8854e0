import { Link } from './link'

interface CrumbsProps {
  way: readonly { readonly label: string; readonly href: string }[]
  /** The page itself: the last step, and no link. */
  here: string
}

/** The way to where the page is. */
export function Crumbs({ way, here }: CrumbsProps) {
  return (
    <nav aria-label="Breadcrumb" className="mb-2">
      <ol className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
        {way.map(({ label, href }, index) => (
          <li key={href} className="flex min-w-0 items-center gap-1.5">
            {index > 0 && <Slash />}
            <Link href={href} className="truncate py-0.5 hover:text-ink hover:underline">
              {label}
            </Link>
          </li>
        ))}
        <li className="flex min-w-0 items-center gap-1.5">
          {way.length > 0 && <Slash />}
          <span aria-current="page" className="truncate py-0.5">
            {here}
          </span>
        </li>
      </ol>
    </nav>
  )
}

function Slash() {
  return (
    <span aria-hidden className="text-faint">
      /
    </span>
  )
}
