import { Lock } from 'lucide-react'
import { SafeText } from '@/components/ui/safe-text'
import type { AccessView } from '@/lib/data/access/read-access'

/** The protection rules that bind in a repository, whatever anyone's rights are. */
export function BindingRules({ rules, tag }: { rules: AccessView['protection']; tag: string }) {
  return (
    <section aria-labelledby="protection" className="mt-6">
      <h2 id="protection" className="mb-2 text-sm font-semibold">
        Protection
      </h2>
      {rules.length === 0 ? (
        <p className="text-sm text-muted">No rule protects {tag ? `the tag ${tag}` : 'tags'} here.</p>
      ) : (
        <>
          <p className="mb-2 text-sm text-muted">
            These rules bind everyone: a protected tag can’t be moved or deleted, except by an admin who gives a reason.
          </p>
          <ul className="divide-y rounded-xl border bg-surface shadow-xs">
            {rules.map(({ name, query, binds }) => (
              <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm">
                <Lock aria-hidden className="size-4 shrink-0 text-muted" />
                <span className="font-medium">
                  <SafeText text={name} />
                </span>
                {query && <SafeText text={query} className="mono min-w-0 flex-1 [overflow-wrap:anywhere]" />}
                <span className="ml-auto text-xs text-muted">protects {tag ? `the tag ${tag}` : binds}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
