'use client'

import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useMutation } from '@/lib/query/hooks'
import { addProtectionMutation } from '@/lib/query/protection'
import { problemFrom } from '@/lib/query/unwrap'

/** Adds a protection rule. */
export function AddRule() {
  const router = useRouter()
  const [name, setName] = useState('')
  const [query, setQuery] = useState('')
  const add = useMutation({
    ...addProtectionMutation(),
    onSuccess: () => {
      setName('')
      setQuery('')
      router.refresh()
    },
  })
  return (
    <form
      className="mb-4 space-y-3 rounded-xl border bg-surface p-4 shadow-xs"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate({ name, query })
      }}
    >
      <div className="grid gap-3 sm:grid-cols-[14rem_minmax(0,1fr)_auto] sm:items-start">
        <Field label="Name" hint="Shown to anyone it stops">
          <Input value={name} onChange={(event) => setName(event.target.value)} placeholder="Releases" required />
        </Field>
        <Field
          label="Protects"
          hint="Globs in registry:, repo: and tag:. Combine terms with “or”, “-” and parentheses."
        >
          <Input
            className="mono"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            placeholder="repo:web/** tag:v*,latest"
            required
          />
        </Field>
        <Button type="submit" variant="primary" disabled={add.isPending} className="sm:mt-6">
          <Plus aria-hidden />
          Add rule
        </Button>
      </div>
      {add.error && <ProblemNotice problem={problemFrom(add.error)} role="alert" />}
    </form>
  )
}
