import type { Policy } from '../../config/policy-file.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import { mapAhead } from '../database/read-ahead.ts'
import type { KnownRepository } from '../database/repository-index.ts'
import { resolveQuery } from '../database/resolve-query.ts'
import { tagSteps } from '../database/tag-steps.ts'
import type { Visibility } from '../database/visibility.ts'
import { type FindingGroup, FindingList } from './finding-list.ts'
import { type CheckedTag, PolicyCheck } from './policy-check.ts'

export interface Findings {
  readonly findings: FindingList
  /** Repositories with images that a policy is about and that couldn't be read: they may break it. */
  readonly unread: readonly UnreadImages[]
  /** Distinct manifests that tags point at, over all policies. */
  readonly checkedImages: number
  /** Names of policies that apply to any of the visible images. */
  readonly applied: ReadonlySet<string>
  /** False: a pattern of a policy's query was tried on a part of the names or values only. */
  readonly isWhole: boolean
  /** Whole, and every image could be read. */
  readonly isComplete: boolean
}

export interface UnreadImages extends KnownRepository {
  /** Distinct manifests that tags point at. */
  readonly images: number
}

/** Visible policy findings, by policy, registry, repository and tag. @throws StoreError */
export async function findFindings(
  database: CatalogDatabase,
  policies: readonly Policy[],
  { visibility, now, signal }: { readonly visibility: Visibility; readonly now: number; readonly signal?: AbortSignal },
): Promise<Findings> {
  const { store } = database
  const visible = await database.repositories.visible(visibility)
  const positions = new Map(visible.list.map(({ id }, position) => [id, position]))
  const positionOf = (repository: number) => positions.get(repository) ?? 0
  const groups: FindingGroup[] = []
  const images = new Set<string>()
  const applied = new Set<string>()
  const unread = new Map<KnownRepository, Set<string>>()
  let isWhole = true
  for (const policy of policies) {
    const { query, partial } = await resolveQuery(database, policy.query, visible.list)
    if (partial) isWhole = false
    const check = await PolicyCheck.of(store, policy, { query, now })
    const steps = tagSteps(store, { resolved: query, visible, sort: 'repository', now, signal })
    for await (const tags of mapAhead(steps, store.reportReaders, ({ condition }) => check.tags(condition))) {
      signal?.throwIfAborted()
      const byRepository = Map.groupBy(tags, ({ repository }) => repository)
      const inOrder = [...byRepository].sort(([a], [b]) => positionOf(a) - positionOf(b))
      for (const [id, own] of inOrder) {
        const repository = visible.byId.get(id)
        if (!repository) continue
        for (const { verdict } of own) {
          if (verdict.unread === 0) continue
          const its = unread.get(repository) ?? new Set()
          unread.set(repository, its.add(verdict.digest))
        }
        const checked = own.filter(({ verdict }) => verdict.checked > 0)
        if (checked.length > 0) applied.add(policy.name)
        for (const { verdict } of checked) images.add(verdict.digest)
        const broken = checked.filter(({ verdict }) => verdict.findings.length > 0)
        if (broken.length > 0) groups.push(groupOf(policy, repository, broken))
      }
    }
  }
  return {
    findings: new FindingList(groups),
    unread: Array.from(unread, ([repository, its]) => ({ ...repository, images: its.size })),
    checkedImages: images.size,
    applied,
    isWhole,
    isComplete: isWhole && unread.size === 0,
  }
}

function groupOf({ name }: Policy, repository: FindingGroup['repository'], tags: readonly CheckedTag[]): FindingGroup {
  const sorted = tags.toSorted((a, b) => (a.tag < b.tag ? -1 : 1))
  return {
    policy: name,
    repository,
    tags: sorted.map(({ tag }) => tag),
    verdicts: sorted.map(({ verdict }) => verdict),
    findings: sorted.reduce((sum, { verdict }) => sum + verdict.findings.length, 0),
  }
}
