import { Badge } from '@/components/ui/badge'
import type { AccessView } from '@/lib/data/access/read-access'

/** The role and the grants that somebody has, with those that cover the repository marked. */
export function GrantList({ view, hasPlace }: { view: AccessView; hasPlace: boolean }) {
  const { role, grants, groups, kind, isReadOnly } = view
  return (
    <dl className="mb-5 grid max-w-4xl grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      <dt className="text-muted">Role everywhere</dt>
      <dd>{role === 'none' ? 'none' : role}</dd>
      {kind === 'user' && (
        <>
          <dt className="text-muted">Groups</dt>
          <dd className="[overflow-wrap:anywhere]">{groups.length > 0 ? groups.join(', ') : 'none'}</dd>
        </>
      )}
      <dt className="text-muted">Grants</dt>
      <dd>
        {grants.length === 0 ? (
          'none'
        ) : (
          <ul aria-label="Grants" className="space-y-1">
            {grants.map(({ text, group, covers }) => (
              <li key={`${text} ${group}`} className="flex flex-wrap items-center gap-x-2 [overflow-wrap:anywhere]">
                {text}
                {group && kind !== 'group' && <span className="text-muted">through the group {group}</span>}
                {hasPlace && <Badge tone={covers ? 'good' : 'neutral'}>{covers ? 'applies here' : 'elsewhere'}</Badge>}
              </li>
            ))}
          </ul>
        )}
      </dd>
      {isReadOnly && (
        <>
          <dt className="text-muted">Read-only</dt>
          <dd>Lading runs with READ_ONLY, so every change is refused to everyone.</dd>
        </>
      )}
    </dl>
  )
}
