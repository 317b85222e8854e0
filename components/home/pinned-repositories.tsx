import { Pin } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { PinnedRow } from '@/lib/data/home/pins'
import { repositoryHref } from '@/lib/routes/href'
import { HomeSection } from './home-section'

/** The user's pinned repositories, with their newest tag. Renders nothing without any. */
export function PinnedRepositories({ pins }: { pins: readonly PinnedRow[] }) {
  if (pins.length === 0) return null
  return (
    <HomeSection id="pinned" title="Pinned">
      <Panel>
        <ul className="divide-y">
          {pins.map(({ newest, ...place }) => (
            <li key={`${place.registry}/${place.repository}`}>
              <Link
                href={repositoryHref(place)}
                className="flex items-baseline gap-2 px-4 py-2 text-sm hover:bg-sunken"
              >
                <Pin aria-hidden className="size-3.5 shrink-0 self-center text-faint" />
                <span className="min-w-0 flex-1 truncate" title={`${place.registry}/${place.repository}`}>
                  {place.repository}
                </span>
                {newest && (
                  <span className="shrink-0 text-xs text-muted">
                    {newest.tag} · <Time iso={new Date(newest.created).toISOString()} format="age-or-date" />
                  </span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </HomeSection>
  )
}
