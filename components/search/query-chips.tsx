import { X } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import type { TypedQuery } from '@/lib/data/search/read-search'
import { visibleText } from '@/lib/format/visible-text'

/** Each term of a query as it was typed, with a way to remove it. */
export function QueryChips({ terms, hrefOf }: { terms: TypedQuery['terms']; hrefOf: (q: string) => string }) {
  // The field says it already, and clears it.
  if (terms.length < 2) return null
  return (
    <ul aria-label="Terms" className="mt-2 flex flex-wrap gap-1.5">
      {terms.map(({ text, rest, isNegated }, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: a term may stand there twice
          key={index}
          className={cn(
            'mono inline-flex max-w-full items-center gap-1 rounded px-1.5 text-xs leading-6 [overflow-wrap:anywhere]',
            isNegated ? 'bg-danger-soft' : 'bg-sunken',
          )}
        >
          {visibleText(text)}
          <Link
            href={hrefOf(rest)}
            scroll={false}
            aria-label={`Remove ${text}`}
            className="grid size-5 shrink-0 place-items-center rounded text-faint hover:text-ink"
          >
            <X aria-hidden className="size-3" />
          </Link>
        </li>
      ))}
    </ul>
  )
}
