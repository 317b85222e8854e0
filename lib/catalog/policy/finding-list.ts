import type { Place } from '../../oci/place.ts'
import type { KnownRepository } from '../database/repository-index.ts'
import { Turns } from '../memory/slices.ts'
import type { ManifestFinding } from './manifest-findings.ts'
import type { PolicyVerdict } from './policy-check.ts'

/** One rule that a tag breaks, on some of its platforms or all. */
export interface Finding extends ManifestFinding, Place {
  readonly policy: string
  /** In the catalog. */
  readonly repositoryId: number
  readonly tag: string
  readonly digest: string
  /** When it began, in milliseconds since the epoch; absent where that isn't known. */
  readonly since?: number
}

type Verdict = Pick<PolicyVerdict, 'digest' | 'findings'>

/**
 * What identifies a finding among others. Platforms of one tag can break a rule with different values, which are findings
 * each: of two rows with one key React leaves one behind when others come before them.
 */
export function findingId({ registry, repository, tag, policy, kind, key, value }: Finding): string {
  return JSON.stringify([registry, repository, tag, policy, kind, key, value])
}

/** Tags of one repository that break one policy, in order. */
export interface FindingGroup {
  readonly policy: string
  readonly repository: KnownRepository
  readonly tags: readonly string[]
  /** Of the tag at the same place. */
  readonly verdicts: readonly Verdict[]
  /** Over all tags. */
  readonly findings: number
}

/** What findings must satisfy: each is asked only where those before it say yes. */
export interface FindingFilter {
  group?(group: FindingGroup): boolean
  tag?(tag: string, group: FindingGroup): boolean
  rule?(broken: ManifestFinding): boolean
  finding?(finding: Finding): boolean
}

/** When a finding began, in milliseconds since the epoch. */
export type Since = (finding: Finding) => number | undefined

/** Findings that are made at a time. */
const AT_ONCE = 1_000

/**
 * Findings by policy, registry, repository and tag. A million take some tens of megabytes, as tags that point at one
 * manifest share its verdict: each becomes an object only when it is read, and others have their turn in between.
 */
export class FindingList {
  readonly groups: readonly FindingGroup[]
  readonly length: number
  readonly #since: Since | undefined

  constructor(groups: readonly FindingGroup[], since?: Since) {
    this.groups = groups
    this.#since = since
    this.length = groups.reduce((sum, { findings }) => sum + findings, 0)
  }

  /** The same, with when each began where that is known. */
  dated(since: Since): FindingList {
    return new FindingList(this.groups, since)
  }

  /** All that satisfy a filter, some at a time. */
  async *batches(filter: FindingFilter = {}): AsyncGenerator<readonly Finding[], void> {
    const turns = new Turns()
    let some: Finding[] = []
    for (const position of positions(this.groups, filter)) {
      const finding = this.#findingAt(position)
      if (!filter.finding || filter.finding(finding)) some.push(finding)
      if (some.length >= AT_ONCE) {
        yield some
        some = []
      }
      if (turns.isOver()) await turns.next()
    }
    if (some.length > 0) yield some
  }

  /** How many satisfy a filter, and those of one page. */
  async page(
    filter: FindingFilter,
    { from, size }: { readonly from: number; readonly size: number },
  ): Promise<{ readonly count: number; readonly findings: readonly Finding[] }> {
    const turns = new Turns()
    const findings: Finding[] = []
    let count = 0
    for (const position of positions(this.groups, filter)) {
      if (turns.isOver()) await turns.next()
      const isShown = count >= from && count < from + size
      if (!filter.finding && !isShown) {
        count++
        continue
      }
      const finding = this.#findingAt(position)
      if (filter.finding && !filter.finding(finding)) continue
      if (isShown) findings.push(finding)
      count++
    }
    return { count, findings }
  }

  #findingAt({ group: { policy, repository }, tag, digest, rule }: Position): Finding {
    const finding = {
      ...rule,
      policy,
      registry: repository.registry,
      repository: repository.name,
      repositoryId: repository.id,
      tag,
      digest,
    }
    const since = this.#since?.(finding)
    return since === undefined ? finding : { ...finding, since }
  }
}

interface Position {
  readonly group: FindingGroup
  readonly tag: string
  readonly digest: string
  readonly rule: ManifestFinding
}

function* positions(groups: readonly FindingGroup[], filter: FindingFilter): Generator<Position, void> {
  for (const group of groups) {
    if (filter.group && !filter.group(group)) continue
    for (const [index, tag] of group.tags.entries()) {
      if (filter.tag && !filter.tag(tag, group)) continue
      const { digest, findings } = group.verdicts[index] as Verdict
      for (const rule of findings) if (!filter.rule || filter.rule(rule)) yield { group, tag, digest, rule }
    }
  }
}
