import { Field, Input } from '@/components/ui/input'
import type { Problem } from '@/lib/problem/problem'
import { OVERRIDABLE } from '@/lib/problem/protected-problem'

interface OverrideFieldProps {
  /** Why the change was refused. */
  problem: Problem | undefined
  reason: string
  onChange: (reason: string) => void
}

/** For an admin's reason to change a protected tag; renders nothing if protection isn't the obstacle. */
export function OverrideField({ problem, reason, onChange }: OverrideFieldProps) {
  if (problem?.code !== OVERRIDABLE) return null
  return (
    <Field label="Reason for overriding the rule" hint="Goes into the audit log.">
      <Input value={reason} onChange={(event) => onChange(event.target.value)} maxLength={500} />
    </Field>
  )
}
