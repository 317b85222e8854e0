'use client'

import { Pencil } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/input'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast'
import { useDebounced } from '@/components/ui/use-debounced'
import type { SavedPolicy } from '@/lib/data/retention/policies'
import type { PolicySimulation } from '@/lib/data/retention/simulate-policy'
import { formatCount, plural } from '@/lib/format/bytes'
import { isOverLimit } from '@/lib/format/going-share'
import { useMutation, useQuery } from '@/lib/query/hooks'
import { retentionSimulationQuery, saveRetentionMutation } from '@/lib/query/retention'
import { problemFrom } from '@/lib/query/unwrap'
import { retentionHref } from '@/lib/routes/href'
import { OutcomeBar } from './outcome-bar'
import type { PolicyDraft } from './policy-draft'
import { RemovePolicy } from './remove-policy'
import { RuleList } from './rule-list'
import { RunNow } from './run-now'
import { ScheduleFields } from './schedule-fields'
import { usePolicyDraft } from './use-policy-draft'
import { type Explain, WhyKept } from './why-kept'

interface PolicyEditorProps {
  /** Absent for a new one. */
  saved?: SavedPolicy
  trashDays: number
  /** The last run and its state; empty for none. */
  lastRun: string
  /** The last runs. */
  children?: React.ReactNode
}

/** A policy, and its simulated effect on the catalog's tags, before it's saved. */
export function PolicyEditor({ saved, trashDays, lastRun, children }: PolicyEditorProps) {
  const { draft, isChanged, isOvertaken, change, discard } = usePolicyDraft(saved)
  const [explain, setExplain] = useState<Explain>({ tags: '', show: 'any', page: 1 })
  const input = useDebounced(
    JSON.stringify({ scope: draft.scope, rules: draft.rules, explain, ...(saved && { id: saved.id }) }),
    350,
  )
  const query = useQuery({
    ...retentionSimulationQuery(JSON.parse(input), lastRun),
    enabled: draft.scope.trim() !== '',
  })
  const simulation = draft.scope.trim() === '' ? undefined : query.data
  const save = useSavePolicy(saved, draft.name, discard)
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ ...draft, rules: [...draft.rules], ...(saved && { id: saved.id, editedAt: saved.savedAt }) })
      }}
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <Heading draft={draft} simulation={simulation} />
        <div className="flex flex-wrap items-center gap-2">
          {isChanged && (
            <>
              <Badge tone="warn">
                <Pencil aria-hidden />
                Unsaved changes
              </Badge>
              <Button variant="ghost" onClick={discard}>
                Discard
              </Button>
            </>
          )}
          <Button type="submit" variant="primary" disabled={(saved && !isChanged) || save.isPending}>
            {save.isPending ? 'Saving…' : 'Save policy'}
          </Button>
        </div>
      </div>
      {save.error && <ProblemNotice problem={problemFrom(save.error)} role="alert" />}
      {isOvertaken && (
        <Notice
          tone="warn"
          title={
            <>
              {saved?.savedBy ? <SafeText text={saved.savedBy} /> : 'Someone'} saved this policy after you began to edit
              it
            </>
          }
        >
          Discard your changes to see what was saved, or save to replace it.
        </Notice>
      )}
      {simulation ? (
        <OutcomeBar
          simulation={simulation}
          mostShare={draft.mostShare}
          isByVersion={draft.rules.some((rule) => rule.keep === 'last' && rule.by === 'version')}
        />
      ) : query.isFetching ? (
        <Skeleton size="block" />
      ) : null}
      {query.error && draft.scope.trim() !== '' && <ProblemNotice problem={problemFrom(query.error)} />}
      <ScopeFields draft={draft} onChange={change} />
      <RuleList rules={draft.rules} onChange={(rules) => change({ rules })} simulation={simulation} />
      {simulation && <WhyKept simulation={simulation} rules={draft.rules} explain={explain} onChange={setExplain} />}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <ScheduleFields
          draft={draft}
          onChange={change}
          trashDays={trashDays}
          {...(saved?.nextRunAt && { nextRunAt: saved.nextRunAt })}
        />
        {children}
      </div>
      {saved && (
        <div className="flex flex-wrap items-start justify-between gap-3">
          {isChanged ? (
            <p className="text-sm text-muted">Save the policy to run it.</p>
          ) : (
            <RunNow
              policy={saved.id}
              going={simulation?.going}
              refusing={simulation?.refusals.map(({ registry }) => registry) ?? []}
              isOverLimit={simulation !== undefined && isOverLimit(simulation, draft.mostShare)}
            />
          )}
          <RemovePolicy id={saved.id} name={saved.name} />
        </div>
      )}
    </form>
  )
}

function useSavePolicy(saved: SavedPolicy | undefined, name: string, discard: () => void) {
  const router = useRouter()
  const save = useMutation({
    ...saveRetentionMutation(),
    onSuccess: (id) => {
      discard()
      showToast({ tone: 'good', title: `Policy ${name} saved` })
      if (!saved) router.push(retentionHref(id))
      router.refresh()
    },
    // Somebody else may have saved it: the page says so.
    onError: () => router.refresh(),
  })
  return save
}

interface HeadingProps {
  draft: PolicyDraft
  simulation: PolicySimulation | undefined
}

function Heading({ draft, simulation }: HeadingProps) {
  return (
    <div className="min-w-0 flex-1 basis-80">
      <h1 className="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{titleOf(draft, simulation)}</h1>
      <p className="mt-1 text-sm text-muted">
        {simulation
          ? `Simulated on ${plural(simulation.tags, 'tag')} of ${plural(simulation.repositories, 'repository', 'repositories')} in the catalog. Nothing is deleted.`
          : 'Nothing is deleted until a policy is saved and run.'}
      </p>
    </div>
  )
}

interface ScopeFieldsProps {
  draft: PolicyDraft
  onChange: (part: Partial<PolicyDraft>) => void
}

function ScopeFields({ draft: { name, scope }, onChange }: ScopeFieldsProps) {
  return (
    <section aria-labelledby="about" className="rounded-xl border bg-surface shadow-xs">
      <h2 id="about" className="border-b bg-sunken/60 px-4 py-2.5 text-sm font-semibold">
        Applies to
      </h2>
      <div className="grid gap-4 px-4 py-3 sm:grid-cols-[14rem_minmax(0,1fr)]">
        <Field label="Name">
          <Input
            value={name}
            required
            maxLength={80}
            placeholder="web-builds"
            onChange={({ target }) => onChange({ name: target.value })}
          />
        </Field>
        <Field
          label="Tags of"
          hint="registry:, repo: and tag: with globs. Tags that protection rules cover are never deleted."
        >
          <Input
            className="mono"
            value={scope}
            required
            placeholder="registry:hub repo:web/**"
            onChange={({ target }) => onChange({ scope: target.value })}
          />
        </Field>
      </div>
    </section>
  )
}

function titleOf({ name }: PolicyDraft, simulation: PolicySimulation | undefined): string {
  const policy = name.trim() || 'New retention policy'
  if (!simulation) return policy
  const { tags, going } = simulation
  return `${policy} would keep ${plural(tags - going, 'tag')} and delete ${formatCount(going)}`
}
