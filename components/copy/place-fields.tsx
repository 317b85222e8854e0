import { Field, Input } from '@/components/ui/input'

interface PlaceFieldsProps {
  registry: string
  repository: string
  /** To choose from. */
  registries: readonly string[]
  badRepository: boolean
  onChange: (change: { readonly registry?: string; readonly repository?: string }) => void
  /** Whether the dialog begins in the repository's field. */
  focus?: boolean
}

/** Where a copy goes: the registry and the repository. */
export function PlaceFields({ registry, repository, registries, badRepository, onChange, focus }: PlaceFieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-[10rem_1fr]">
      <Field label="To registry">
        <select
          value={registry}
          onChange={(event) => onChange({ registry: event.target.value })}
          className="h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2 text-sm text-ink shadow-xs hover:border-line-strong"
        >
          {registries.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Field
        label="Repository"
        error={
          badRepository ? 'Use lowercase letters, digits and . _ - between slashes, for example team/app' : undefined
        }
      >
        <Input
          data-initial-focus={focus ? '' : undefined}
          value={repository}
          aria-invalid={badRepository}
          onChange={(event) => onChange({ repository: event.target.value.trim() })}
        />
      </Field>
    </div>
  )
}
