import type { Policy } from '../../config/policy-file.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import { findTags } from '../database/find-tags.ts'
import { queryCondition } from '../database/query-condition.ts'
import { resolveQuery } from '../database/resolve-query.ts'
import type { Visibility } from '../database/visibility.ts'
import { type Breach, checkImage } from './check-image.ts'
import { type PolicyImage, policyImages } from './policy-images.ts'

/** One rule that a tag breaks, on some of its platforms or all. */
export interface Finding extends Breach {
  readonly policy: string
  readonly registry: string
  readonly repository: string
  /** In the catalog. */
  readonly repositoryId: number
  readonly tag: string
  readonly digest: string
  /** The owner according to the policy. Absent: the image doesn't state one. */
  readonly owner?: string
  /** Of the images that break it, where they have one; and how many of the tag's images the policy is about. */
  readonly platforms: readonly string[]
  readonly broken: number
  readonly checked: number
  /** When it began, in milliseconds since the epoch; absent where that isn't known. */
  readonly since?: number
}

export interface Findings {
  readonly findings: readonly Finding[]
  /** Distinct manifests that tags point at, over all policies. */
  readonly checkedImages: number
  /** False: only the first tags of a policy were checked. */
  readonly isComplete: boolean
}

/** Tags that are read at a time, and those that one policy is checked on. */
const AT_ONCE = 500
const MOST_TAGS = 50_000

/** Visible policy findings, by policy, registry, repository and tag. @throws StoreError */
export async function findFindings(
  database: CatalogDatabase,
  policies: readonly Policy[],
  { visibility, now, signal }: { readonly visibility: Visibility; readonly now: number; readonly signal?: AbortSignal },
): Promise<Findings> {
  const { store } = database
  const visible = await database.repositories.visible(visibility)
  const findings: Finding[] = []
  const images = new Set<string>()
  let isComplete = true
  for (const policy of policies) {
    const resolved = await resolveQuery(database, policy.query, visible.list)
    if (resolved.partial) isComplete = false
    const condition = queryCondition(resolved.query, { dialect: store.dialect, now })
    let after: string | undefined
    for (let tags = 0; ; ) {
      signal?.throwIfAborted()
      const search = { resolved: resolved.query, visible, sort: 'repository', limit: AT_ONCE, now, signal } as const
      const page = await findTags(store, { ...search, ...(after !== undefined && { after }) })
      const found = await policyImages(store, page.ids, { condition, keys: keysOf(policy) })
      for (const of of found.values()) {
        const [first] = of
        const repository = first && visible.byId.get(first.repository)
        if (!first || !repository) continue
        images.add(first.digest)
        const place = {
          registry: repository.registry,
          repository: repository.name,
          repositoryId: repository.id,
          tag: first.tag,
        }
        findings.push(...findingsOf(policy, of, now).map((finding) => ({ ...finding, ...place, digest: first.digest })))
      }
      tags += page.ids.length
      after = page.next
      if (after === undefined) break
      if (tags >= MOST_TAGS) {
        isComplete = false
        break
      }
    }
  }
  return { findings, checkedImages: images.size, isComplete }
}

/** The keys that a policy reads. */
function keysOf({ labels, forbid, owner }: Policy): readonly string[] {
  return [...labels.map(({ key }) => key), ...forbid, ...(owner && 'label' in owner ? [owner.label] : [])]
}

/** The same breach on several platforms is one finding. */
function findingsOf(policy: Policy, images: readonly PolicyImage[], now: number) {
  const breaches = images.flatMap((image) => checkImage(policy, image, now).map((breach) => ({ breach, image })))
  const same = Map.groupBy(breaches, ({ breach: { kind, key, value } }) => JSON.stringify([kind, key, value]))
  const owner = ownerOf(policy, images)
  return [...same.values()].flatMap((some) =>
    some[0]
      ? {
          ...some[0].breach,
          policy: policy.name,
          ...(owner !== undefined && { owner }),
          platforms: some.flatMap(({ image: { platform } }) => platform ?? []),
          broken: some.length,
          checked: images.length,
        }
      : [],
  )
}

function ownerOf({ owner }: Policy, images: readonly PolicyImage[]): string | undefined {
  if (!owner) return undefined
  if ('name' in owner) return owner.name
  return images.map(({ labels }) => labels.get(owner.label)).find((value) => value !== undefined && value !== '')
}
