'use client'

import { useRouter } from 'next/navigation'
import { startTransition, useOptimistic } from 'react'
import { UrlFilter } from '@/components/ui/url-filter'
import { visibleText } from '@/lib/format/visible-text'
import { type HistoryPlace, historyHref } from '@/lib/routes/history-href'
import type { HistoryState } from '@/lib/routes/history-query'

interface HistoryFilterProps {
  place: HistoryPlace
  state: HistoryState
  /** Whose changes are on the page. */
  actors: readonly string[]
  mistakes: readonly string[]
}

const UNKNOWN = 'unknown'
const HINT = 'For example: tag:latest repo:team-a/** moved:<7d'

/** Which changes are shown: a query, the kind of change, who made it, and its source. */
export function HistoryFilter({ place, state, actors, mistakes }: HistoryFilterProps) {
  const router = useRouter()
  const hrefOf = (change: Partial<HistoryState>) => historyHref(place, { ...state, after: '', ...change })
  const named = new Set(state.by === '' ? actors : [...actors, state.by])
  named.delete(UNKNOWN)
  return (
    <div className="flex flex-wrap items-start gap-2">
      <div className="w-full sm:w-80">
        <UrlFilter
          label="Filter by tag or query"
          shown={state.q}
          hrefOf={(q) => hrefOf({ q })}
          hint={HINT}
          error={mistakes[0] && `${mistakes[0]} The list leaves that part out.`}
        />
      </div>
      <Choice
        label="Change"
        value={state.change}
        options={{ any: 'any', appeared: 'appeared', moved: 'moved', gone: 'deleted' }}
        onChange={(change) => router.replace(hrefOf({ change }), { scroll: false })}
      />
      <Choice
        label="By"
        value={state.by}
        options={{
          '': 'anyone',
          ...Object.fromEntries([...named].sort().map((actor) => [actor, visibleText(actor)])),
          [UNKNOWN]: 'unknown',
        }}
        onChange={(by) => router.replace(hrefOf({ by }), { scroll: false })}
      />
      <Choice
        label="Source"
        value={state.how}
        options={{ any: 'any', change: 'Lading', notification: 'notification', sync: 'sync' }}
        onChange={(how) => router.replace(hrefOf({ how }), { scroll: false })}
      />
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  options: Readonly<Record<Value, string>>
  onChange: (value: Value) => void
}

function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  // At once, while the page for it is on its way.
  const [shown, show] = useOptimistic(value)
  return (
    <label className="flex h-8 items-center gap-1.5 rounded-md border bg-surface pl-2.5 text-sm text-muted shadow-xs">
      {label}
      <select
        value={shown}
        onChange={({ target }) => {
          const chosen = (Object.keys(options) as Value[]).find((option) => option === target.value)
          if (chosen === undefined) return
          startTransition(() => {
            show(chosen)
            onChange(chosen)
          })
        }}
        className="h-full max-w-48 cursor-pointer rounded-md bg-surface pr-1 font-medium text-ink"
      >
        {(Object.keys(options) as Value[]).map((option) => (
          <option key={option} value={option}>
            {options[option]}
          </option>
        ))}
      </select>
    </label>
  )
}
