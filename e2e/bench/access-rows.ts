import type { Actor } from '../../lib/access/actor.ts'
import { visibleRepositories } from '../../lib/access/visible-repositories.ts'
import type { Grant } from '../../lib/config/grant.ts'
import { parseRepositoryName, type RepositoryName } from '../../lib/oci/reference.ts'
import type { Row } from './table.ts'

const REPOSITORIES = 100_000
const GRANTS = 50
const RUNS = 9

/** What a person may see of a large registry, each time of a listing that nobody has asked about yet. */
export async function accessRows(): Promise<Row[]> {
  const names = repositoryNames()
  return [
    row('grants that begin with a name', names, (n) => `team-${n}/**`),
    row('grants that begin with a wildcard', names, (n) => `*/service-${n}/*`),
    row('grants for any depth', names, (n) => `**/*-${n}/component-*`),
  ]
}

function row(what: string, names: readonly RepositoryName[], globOf: (n: number) => string): Row {
  const grants = Array.from({ length: GRANTS }, (_, n): Grant => {
    return { subject: { user: 'anna' }, role: 'viewer', registry: '*', repository: globOf(n), allow: [] }
  })
  const actor: Actor = { kind: 'user', username: 'anna', groups: [], role: 'none', grants, readOnly: false }
  const times = Array.from({ length: RUNS }, () => {
    const listing = [...names]
    const started = performance.now()
    if (visibleRepositories(actor, 'hub', listing).length === 0) throw new Error(`${what} found nothing`)
    return performance.now() - started
  })
  const value = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN
  const name = `access: 100k repositories, ${GRANTS} ${what}`
  return { name, value, unit: 'ms', target: { kind: 'at-most', value: 20 } }
}

function repositoryNames(): readonly RepositoryName[] {
  const name = (i: number) => `team-${i % 400}/service-${Math.floor(i / 400)}/component-${i % 7}`
  // As read from a registry: strings of their own.
  const text = JSON.stringify(Array.from({ length: REPOSITORIES }, (_, i) => name(i)).sort())
  return (JSON.parse(text) as string[]).map(parseRepositoryName)
}
