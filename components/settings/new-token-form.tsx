'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { CopyButton } from '@/components/ui/copy-button'
import { Field, Input } from '@/components/ui/input'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useMutation } from '@/lib/query/hooks'
import { createTokenMutation } from '@/lib/query/tokens'
import { problemFrom } from '@/lib/query/unwrap'

const LIFETIMES = [7, 30, 90, 365] as const

/** Makes a token, and shows it this once. */
export function NewTokenForm() {
  const [name, setName] = useState('')
  const [days, setDays] = useState<(typeof LIFETIMES)[number]>(30)
  const [read, setRead] = useState(true)
  const [audit, setAudit] = useState(false)
  const create = useMutation({ ...createTokenMutation(), onSuccess: () => setName('') })
  const [labels, setLabels] = useState(false)
  const chosen = { read, audit, labels }
  const scopes = (['read', 'audit', 'labels'] as const).filter((scope) => chosen[scope])
  return (
    <form
      className="max-w-xl space-y-4 rounded-xl border bg-surface p-4 shadow-xs"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate({ name, scopes, days })
      }}
    >
      <h2 className="text-sm font-semibold">New token</h2>
      <Field label="Name" hint="What uses it, for example nightly label export">
        <Input value={name} onChange={(event) => setName(event.target.value)} required maxLength={80} />
      </Field>
      <Field label="Expires after">
        <select
          value={days}
          onChange={(event) => setDays(LIFETIMES.find((each) => each === Number(event.target.value)) ?? 30)}
          className="h-8 rounded-md border border-line-strong/60 bg-surface px-2 text-sm text-ink shadow-xs"
        >
          {LIFETIMES.map((each) => (
            <option key={each} value={each}>
              {each} days
            </option>
          ))}
        </select>
      </Field>
      <fieldset className="space-y-2">
        <legend className="mb-1 text-sm font-medium">Permissions</legend>
        <CheckOption checked={read} onChange={setRead} detail="Manifests, labels, downloads, exports and events">
          Read repositories that you can see
        </CheckOption>
        <CheckOption checked={audit} onChange={setAudit} detail="Only if you may read it yourself">
          Read the audit log
        </CheckOption>
        <CheckOption checked={labels} onChange={setLabels} detail="Only where you may add labels yourself">
          Add and delete labels
        </CheckOption>
      </fieldset>
      {create.error && <ProblemNotice role="alert" problem={problemFrom(create.error)} />}
      <Button type="submit" variant="primary" disabled={create.isPending || scopes.length === 0}>
        {create.isPending ? 'Creating token…' : 'Create token'}
      </Button>
      {create.data && (
        <Notice role="status" title="Copy the token now. It won’t be shown again.">
          <span className="flex items-center gap-1">
            <code className="min-w-0 font-mono text-xs break-all text-ink">{create.data}</code>
            <CopyButton text={create.data} label="Copy token" />
          </span>
        </Notice>
      )}
    </form>
  )
}
