'use client'

import { useState } from 'react'
import { Field, Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { plural } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { planRetagMutation } from '@/lib/query/plans'
import { PlanDialog } from './plan-dialog'

type RetagInput = Parameters<NonNullable<ReturnType<typeof planRetagMutation>['mutationFn']>>[0]

interface RetagTagsDialogProps extends Pick<RetagInput, 'select'> {
  place: Place
  count: number
  onClose: () => void
}

/** Asks for the rule that makes new names. */
export function RetagTagsDialog({ place: { registry, repository }, select, count, onClose }: RetagTagsDialogProps) {
  const [kind, setKind] = useState<RetagInput['rule']['kind']>('remove')
  const [prefix, setPrefix] = useState('')
  const [suffix, setSuffix] = useState('')
  const [pattern, setPattern] = useState('')
  const [replacement, setReplacement] = useState('')
  const rule = kind === 'replace' ? { kind, pattern, with: replacement } : { kind, prefix, suffix }
  return (
    <PlanDialog
      onClose={onClose}
      title={`Retag ${plural(count, 'tag')}`}
      description="Adds a new tag next to each. The selected tags are kept."
      mutation={planRetagMutation()}
      input={{ registry, repository, select, rule }}
      isReady={kind === 'replace' ? pattern !== '' : prefix !== '' || suffix !== ''}
      preview="The next page shows every new name and any conflicts."
    >
      <Field label="New names">
        <Select
          className="w-full"
          value={kind}
          onChange={({ target }) => setKind(target.value as typeof kind)}
          data-initial-focus
        >
          <option value="remove">remove a prefix or suffix, such as -rc1</option>
          <option value="add">add a prefix or suffix, such as prod-</option>
          <option value="replace">replace by a regular expression</option>
        </Select>
      </Field>
      {kind === 'replace' ? (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Find" hint="RE2 syntax, for example -rc\d+$">
            <Input className="mono" value={pattern} onChange={({ target }) => setPattern(target.value)} />
          </Field>
          <Field label="Replace with" hint="$1 is the first group">
            <Input className="mono" value={replacement} onChange={({ target }) => setReplacement(target.value)} />
          </Field>
        </div>
      ) : (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Prefix">
            <Input className="mono" value={prefix} onChange={({ target }) => setPrefix(target.value)} />
          </Field>
          <Field label="Suffix">
            <Input className="mono" value={suffix} onChange={({ target }) => setSuffix(target.value)} />
          </Field>
        </div>
      )}
    </PlanDialog>
  )
}
