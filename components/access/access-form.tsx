import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/input'
import type { AccessQuery, AccessView } from '@/lib/data/access/read-access'

/** Asks about a repository, and for admins about anyone. A plain form: the answer is a page of its own. */
export function AccessForm({ view, query }: { view: AccessView; query: AccessQuery }) {
  const { subjects, registries, mistake } = view
  return (
    <form
      className="mb-5 flex max-w-4xl flex-wrap items-start gap-3"
      // The address of the page is the form's whole state.
      key={JSON.stringify(query)}
    >
      {subjects && (
        <div className="min-w-0 basis-48 max-sm:basis-full">
          <Field label="User or group">
            <Input name="who" list="subjects" defaultValue={query.who} placeholder="anna or group:makers" />
          </Field>
          <datalist id="subjects">
            {subjects.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </div>
      )}
      {registries.length > 1 && (
        <div className="max-sm:basis-full">
          <Field label="Registry">
            <select
              name="registry"
              defaultValue={query.registry || registries[0]}
              className="h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2 text-sm text-ink shadow-xs"
            >
              {registries.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </Field>
        </div>
      )}
      <div className="min-w-0 flex-1 basis-56">
        <Field label="Repository" {...(mistake && { error: mistake })}>
          <Input
            name="repository"
            defaultValue={query.repository}
            placeholder="team-a/app"
            aria-invalid={mistake ? true : undefined}
          />
        </Field>
      </div>
      <div className="min-w-0 basis-32">
        <Field label="Tag">
          <Input name="tag" defaultValue={query.tag} placeholder="any" />
        </Field>
      </div>
      <Button type="submit" className="mt-6">
        Show rights
      </Button>
    </form>
  )
}
