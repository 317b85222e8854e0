import { ChevronRight, HardDrive } from 'lucide-react'
import { CopyButton } from '@/components/ui/copy-button'

interface CollectGarbageProps {
  registry: string
  storage: 'http' | 'layout'
}

/** How to free the space of deleted images: each registry collects garbage on its own schedule, or on demand. */
export function CollectGarbage({ registry, storage }: CollectGarbageProps) {
  return (
    <details className="group mt-6 rounded-xl border bg-surface text-sm shadow-xs">
      <summary className="flex cursor-pointer items-center gap-2 px-4 py-2.5 font-semibold">
        <HardDrive aria-hidden className="size-4 text-muted" />
        Free the space in {registry}
        <ChevronRight aria-hidden className="ml-auto size-4 text-faint group-open:rotate-90" />
      </summary>
      {storage === 'layout' ? (
        <p className="border-t px-4 py-3 text-muted">
          {registry} is a folder. To free its space, delete an image together with its layers on the image’s page.
        </p>
      ) : (
        <div className="border-t">
          <p className="px-4 pt-3 text-muted">
            The layers of deleted images stay until the registry collects garbage. After that, nothing can be undone.
          </p>
          <dl className="divide-y">
            {PRODUCTS.map(({ name, command, note }) => (
              <div key={name} className="grid gap-x-4 gap-y-1 px-4 py-2.5 sm:grid-cols-[11rem_minmax(0,1fr)]">
                <dt className="font-medium">{name}</dt>
                <dd className="min-w-0 space-y-1">
                  {command && (
                    <span className="flex items-start gap-2">
                      <code className="mono min-w-0 flex-1 [overflow-wrap:anywhere]">{command}</code>
                      <CopyButton text={command} label={`Copy the command for ${name}`} />
                    </span>
                  )}
                  {note && <span className="block text-xs text-muted">{note}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </details>
  )
}

interface Product {
  readonly name: string
  readonly command?: string
  readonly note?: string
}

const PRODUCTS: readonly Product[] = [
  {
    name: 'distribution 2',
    command: 'registry garbage-collect /etc/docker/registry/config.yml',
    // distribution #3178
    note: 'Make the registry read-only or stop it first. Leave out --delete-untagged: it also deletes platforms of tagged multi-platform images.',
  },
  {
    name: 'distribution 3',
    command: 'registry garbage-collect /etc/distribution/config.yml',
    note: 'Make the registry read-only or stop it first. Add --delete-untagged to delete untagged manifests too.',
  },
  {
    name: 'Harbor',
    command: `curl -u admin -X POST https://HARBOR/api/v2.0/system/gc/schedule -H 'Content-Type: application/json' -d '{"schedule":{"type":"Manual"},"parameters":{"delete_untagged":false}}'`,
    note: 'Or in Harbor: Administration, Clean Up, Garbage Collection.',
  },
  {
    name: 'GitLab',
    command: 'sudo gitlab-ctl registry-garbage-collect',
    note: 'The registry is down while this runs.',
  },
  { name: 'zot', note: 'Runs automatically, as set by storage.gc, storage.gcDelay and storage.gcInterval.' },
  { name: 'Quay, ECR, GHCR, ACR', note: 'Run automatically.' },
]
