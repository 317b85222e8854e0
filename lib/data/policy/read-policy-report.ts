import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type FindingHistory, firstCheckedFrom, WEEK } from '../../catalog/policy/finding-history.ts'
import type { Finding, FindingList } from '../../catalog/policy/finding-list.ts'
import type { FindingCount } from '../../catalog/policy/summarize-findings.ts'
import { nearestPage } from '../../format/page-of.ts'
import type { Place } from '../../oci/place.ts'
import { NO_OWNER, POLICY_KINDS, type PolicyKind, type PolicyPageState } from '../../routes/policy-page-query.ts'
import { theStore } from '../../store/the-store.ts'
import { type CatalogAge, readCatalogAges } from '../search/read-catalog-ages.ts'
import { configuredPolicies, findingFilter, policyFindings } from './policy-findings.ts'
import { seesAllPolicies } from './sees-all-policies.ts'

/** A finding as the page lists it. */
export interface ListedFinding extends Finding {
  /** It was there at the first check, which was at this time or later; milliseconds since the epoch. */
  readonly firstCheckedFrom?: number
}

const PAGE_SIZE = 50
/** Owners and repositories that are listed. */
const MOST_SHARES = 10

export interface PolicyReport {
  /** Distinct manifests with a tag. */
  readonly brokenImages: number
  readonly checkedImages: number
  readonly repositories: number
  /** An unknown owner counts as one. */
  readonly owners: number
  readonly total: number
  /** False: every number is "at least", as a pattern of a policy was tried on a part of the values only. */
  readonly isComplete: boolean
  /** Repositories with images that couldn't be read, and so may break a policy too: of the state's, or all. */
  readonly unread: readonly (Place & { readonly images: number })[]
  readonly policies: readonly {
    readonly name: string
    readonly query: string
    readonly counts: KindCounts
    readonly total: number
  }[]
  readonly totals: KindCounts
  /** Within the last week. */
  readonly added: number
  readonly ended: number
  /** Absent before the first check. */
  readonly trend?: {
    readonly began: number
    readonly weeks: readonly {
      /** Weeks ago. */
      readonly age: number
      readonly total: number
      readonly added: number
      readonly ended: number
    }[]
  }
  readonly byOwner: readonly Share[]
  readonly byRepository: readonly Share[]
  /** One page of those that the state selects. */
  readonly findings: readonly ListedFinding[]
  readonly selected: number
  readonly page: number
  /** Findings on a full page. */
  readonly size: number
  readonly ages: readonly CatalogAge[]
}

export type KindCounts = Readonly<Record<PolicyKind, number>>

export interface Share {
  /** An owner or `NO_OWNER`; or `<registry>/<repository>`. */
  readonly name: string
  readonly findings: number
  readonly images: number
}

/** Undefined where no policies are configured. @throws StoreError */
export async function readPolicyReport(actor: Actor, state: PolicyPageState): Promise<PolicyReport | undefined> {
  const policies = configuredPolicies()
  if (!policies) return undefined
  const [{ findings, checkedImages, applied, isComplete, unread, history, summary, added }, ages] = await Promise.all([
    policyFindings(actor, policies),
    readCatalogAges(actor),
  ])
  const { page, count, shown } = await pageOf(findings, state)
  const firstChecks = await firstCheckedFrom(await theStore(), shown)
  const named = seesAllPolicies(actor) ? policies : policies.filter(({ name }) => applied.has(name))
  const byOwner = sharesOf(new Map(Array.from(summary.byOwner, ([owner, share]) => [owner ?? NO_OWNER, share])))
  const byRepository = sharesOf(summary.byRepository)
  return {
    brokenImages: summary.images,
    checkedImages,
    repositories: byRepository.length,
    owners: byOwner.length,
    total: findings.length,
    isComplete,
    unread: unread
      .map(({ registry, name, images }) => ({ registry, repository: name, images }))
      .filter((place) => state.repository == null || state.repository === `${place.registry}/${place.repository}`),
    policies: named.map(({ name, queryText }) => {
      const counts = countsOf([summary.byPolicy.get(name) ?? new Map()])
      return { name, query: queryText, counts, total: Object.values(counts).reduce((sum, each) => sum + each, 0) }
    }),
    totals: countsOf([...summary.byPolicy.values()]),
    added,
    ended: history.weeks[0]?.ended ?? 0,
    ...(history.began !== undefined && { trend: trendOf(history.began, history.weeks, findings.length) }),
    byOwner: byOwner.slice(0, MOST_SHARES),
    byRepository: byRepository.slice(0, MOST_SHARES),
    findings: shown.map((finding) => {
      const from = firstChecks.get(finding)
      return from === undefined ? finding : { ...finding, firstCheckedFrom: from }
    }),
    selected: count,
    page,
    size: PAGE_SIZE,
    ages,
  }
}

/** The last weeks, the oldest first, as far as they were watched. */
function trendOf(began: number, weeks: FindingHistory['weeks'], now: number): NonNullable<PolicyReport['trend']> {
  const watched = Math.min(weeks.length, Math.floor((Date.now() - began) / WEEK) + 1)
  let total = now
  const shown = weeks.slice(0, watched).map(({ added, ended }, age) => {
    const week = { age, total, added, ended }
    total += ended - added
    return week
  })
  return { began, weeks: shown.reverse() }
}

/** The page that the state names, or the last. */
async function pageOf(findings: FindingList, state: PolicyPageState) {
  const filter = findingFilter(state)
  const wanted = Math.max(1, state.page)
  const read = (page: number) => findings.page(filter, { from: (page - 1) * PAGE_SIZE, size: PAGE_SIZE })
  const { count, findings: shown } = await read(wanted)
  const page = nearestPage(wanted, count, PAGE_SIZE)
  return { page, count, shown: page === wanted ? shown : (await read(page)).findings }
}

function countsOf(policies: readonly ReadonlyMap<PolicyKind, number>[]): KindCounts {
  const count = (kind: PolicyKind) => policies.reduce((sum, kinds) => sum + (kinds.get(kind) ?? 0), 0)
  return Object.fromEntries(POLICY_KINDS.map((kind) => [kind, count(kind)])) as Record<PolicyKind, number>
}

/** Most findings first. */
function sharesOf(counts: ReadonlyMap<string, FindingCount>): Share[] {
  return Array.from(counts, ([name, count]) => ({ name, ...count })).sort(
    (a, b) => b.findings - a.findings || (a.name < b.name ? -1 : 1),
  )
}
