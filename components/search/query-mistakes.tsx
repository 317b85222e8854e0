import type { TypedQuery } from '@/lib/data/search/read-search'
import { visibleText } from '@/lib/format/visible-text'

/** What is wrong in a query, pointing at the place. The rest of it still searches. */
export function QueryMistakes({ query: { text, mistakes, terms } }: { query: TypedQuery }) {
  if (mistakes.length === 0) return null
  return (
    <div id="query-mistakes" className="mt-2 rounded-lg border border-warn-line bg-warn-soft px-3 py-2 text-sm">
      <ul className="space-y-2">
        {mistakes.map(({ start, end, text: sentence }) => (
          <li key={`${start} ${sentence}`}>
            <p className="mono overflow-x-auto text-xs whitespace-pre">
              {visibleText(text.slice(Math.max(0, start - 60), start))}
              <mark className="rounded-sm bg-transparent text-danger underline decoration-wavy underline-offset-4">
                {visibleText(text.slice(start, Math.max(end, start + 1)) || ' ')}
              </mark>
              {visibleText(text.slice(Math.max(end, start + 1), end + 60))}
            </p>
            <p className="mt-1">{sentence}</p>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-xs text-muted">
        {terms.length > 0
          ? 'The rest of the query is searched as it is.'
          : 'Until it’s corrected, all tags are listed.'}
      </p>
    </div>
  )
}
