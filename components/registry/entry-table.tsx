import { Platforms } from '@/components/repository/platforms'
import { Bytes } from '@/components/ui/bytes'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { EntryFacts } from '@/lib/data/registries/entry-page'
import type { TreeEntry } from '@/lib/data/registries/tree'
import { formatCount, plural } from '@/lib/format/bytes'
import { manifestHref, pathHref } from '@/lib/routes/href'

interface Row extends TreeEntry {
  readonly facts?: EntryFacts[string]
}

/** Namespaces and repositories as rows, with what the catalog knows of each: "at least" while tags are unread. */
export function EntryTable({
  registry,
  entries,
  facts,
}: {
  registry: string
  entries: readonly TreeEntry[]
  facts: EntryFacts
}) {
  const rows = entries.map((entry) => ({ ...entry, ...(facts[entry.path] && { facts: facts[entry.path] }) }))
  return (
    <Table
      name="entries"
      caption={`Repositories of ${registry}`}
      columns={columnsOf(registry)}
      rows={rows}
      rowKey={({ path }) => path}
    />
  )
}

function columnsOf(registry: string): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      role: 'name',
      head: 'Repository',
      cell: ({ path, name, isRepository, below, facts }) => (
        <>
          <Link href={pathHref(registry, path)} className="inline-flex items-center gap-2 font-medium break-all">
            <Icon name={isRepository ? 'box' : 'folder'} className="text-faint" />
            {name}
            {below > 0 && (
              <span className="text-xs font-normal text-muted tabular">
                <span aria-hidden>{formatCount(below)}</span>
                <span className="sr-only"> {plural(below, 'repository', 'repositories')} below</span>
              </span>
            )}
          </Link>
          {facts?.newest?.description && (
            <span className="block truncate text-xs font-normal text-muted">
              <SafeText text={facts.newest.description} />
            </span>
          )}
        </>
      ),
    },
    {
      id: 'tags',
      head: 'Tags',
      width: 7,
      align: 'end',
      priority: 1,
      cell: ({ facts }) =>
        facts && (facts.isComplete || facts.tags > 0) ? (
          <>
            {!facts.isComplete && <span className="text-xs text-muted">at least </span>}
            {formatCount(facts.tags)}
          </>
        ) : (
          ''
        ),
    },
    {
      id: 'newest',
      head: 'Newest tag',
      width: 13,
      priority: 2,
      cell: ({ path, facts }) =>
        facts?.newest ? (
          <>
            <Link href={manifestHref(registry, path, facts.newest.tag)} className="block truncate">
              {facts.newest.tag}
            </Link>
            <Time
              iso={new Date(facts.newest.created).toISOString()}
              format="age-or-date"
              className="text-xs text-muted"
            />
          </>
        ) : (
          ''
        ),
    },
    {
      id: 'size',
      head: 'Size',
      width: 7,
      align: 'end',
      priority: 3,
      cell: ({ facts }) => (facts?.newest?.size === undefined ? '' : <Bytes bytes={facts.newest.size} />),
    },
    {
      id: 'platforms',
      head: 'Platforms',
      width: 13,
      priority: 4,
      cell: ({ facts }) => (facts?.newest ? <Platforms platforms={facts.newest.platforms} attestations={0} /> : ''),
    },
  ]
}
