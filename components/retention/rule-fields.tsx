import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { RetentionRule } from '@/lib/data/retention/policies'

interface RuleFieldsProps {
  rule: RetentionRule
  /** From 1: the names of the fields say it. */
  number: number
  onChange: (rule: RetentionRule) => void
}

/** A rule as a sentence with fields in it. */
export function RuleFields({ rule, number, onChange }: RuleFieldsProps) {
  const name = (field: string) => `Rule ${number}: ${field}`
  switch (rule.keep) {
    case 'newer':
      return (
        <>
          newer than
          <Count name={name('amount')} value={rule.amount} onChange={(amount) => onChange({ ...rule, amount })} />
          <Choice
            name={name('unit')}
            of={['days', 'weeks', 'months']}
            value={rule.unit}
            onChange={(unit) => onChange({ ...rule, unit })}
          />
          by
          <Choice
            name={name('date')}
            of={['created', 'moved']}
            value={rule.by}
            onChange={(by) => onChange({ ...rule, by })}
          />
        </>
      )
    case 'last':
      return (
        <>
          one of the newest
          <Count name={name('count')} value={rule.count} onChange={(count) => onChange({ ...rule, count })} />
          by
          <Choice
            name={name('order')}
            of={['version', 'created', 'moved']}
            value={rule.by}
            onChange={(by) => onChange({ ...rule, by })}
          />
          among
          <Input
            aria-label={name('among')}
            isSized
            className="mono w-44"
            placeholder="all tags"
            value={rule.among}
            onChange={({ target }) => onChange({ ...rule, among: target.value })}
          />
        </>
      )
    case 'matching':
      return (
        <>
          matches
          <Input
            aria-label={name('query')}
            isSized
            className="mono w-72 max-w-full"
            value={rule.query}
            onChange={({ target }) => onChange({ ...rule, query: target.value })}
          />
        </>
      )
    case 'signed':
      return (
        <>
          is signed <span className="text-muted">signature present, not verified</span>
        </>
      )
  }
}

function Count({ name, value, onChange }: { name: string; value: number; onChange: (value: number) => void }) {
  return (
    <Input
      type="number"
      min={1}
      aria-label={name}
      isSized
      className="w-20"
      value={value}
      onChange={({ target }) => onChange(Number(target.value))}
    />
  )
}

interface ChoiceProps<Name extends string> {
  name: string
  of: readonly Name[]
  value: Name
  onChange: (value: Name) => void
}

function Choice<Name extends string>({ name, of, value, onChange }: ChoiceProps<Name>) {
  return (
    <Select aria-label={name} value={value} onChange={({ target }) => onChange(target.value as Name)}>
      {of.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </Select>
  )
}
