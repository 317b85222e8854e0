import { cn } from '@/components/ui/cn'
import { plural } from '@/lib/format/bytes'
import { visibleText } from '@/lib/format/visible-text'
import type { useCompletion } from './use-completion'

type SuggestionListProps = Pick<ReturnType<typeof useCompletion>, 'suggestions' | 'hint' | 'active' | 'choose'> & {
  id: string
}

/** What could be typed next, with how many tags or images have it. */
export function SuggestionList({ id, suggestions, hint, active, choose }: SuggestionListProps) {
  if (suggestions.length === 0 && hint === undefined) return null
  return (
    <div className="absolute top-full left-0 z-10 mt-1 w-full max-w-xl rounded-lg border bg-raised p-1 text-sm shadow-(--shadow)">
      {hint !== undefined && <p className="px-2 py-1 text-xs text-muted">Type {hint}.</p>}
      <div id={id} role="listbox" aria-label="Suggestions">
        {suggestions.map(({ text, detail, count, counted = 'tag' }, index) => (
          <div
            key={text}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            // Before the field loses the focus.
            onMouseDown={(event) => {
              event.preventDefault()
              choose(index)
            }}
            className={cn(
              'flex cursor-pointer items-baseline gap-3 rounded-md px-2 py-1 hover:bg-sunken',
              index === active && 'bg-accent-soft',
            )}
          >
            <span className="mono min-w-0 [overflow-wrap:anywhere]">{visibleText(text)}</span>
            {detail && <span className="min-w-0 truncate text-xs text-muted">{detail}</span>}
            {count !== undefined && (
              <span className="tabular ml-auto shrink-0 text-xs text-muted">{plural(count, counted)}</span>
            )}
          </div>
        ))}
      </div>
      <p className="border-t px-2 pt-1.5 pb-0.5 text-2xs text-faint max-sm:hidden">
        ↑ ↓ to choose, Enter to add, Esc to close
      </p>
    </div>
  )
}
