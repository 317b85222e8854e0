import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { Finding } from '../../catalog/policy/find-findings.ts'
import { type FindingHistory, WEEK } from '../../catalog/policy/finding-history.ts'
import { NO_OWNER, POLICY_KINDS, type PolicyKind, type PolicyPageState } from '../../routes/policy-page-query.ts'
import { type CatalogAge, readCatalogAges } from '../search/read-catalog-ages.ts'
import { configuredPolicies, isNew, policyFindings, selectFindings } from './policy-findings.ts'

export type { Finding } from '../../catalog/policy/find-findings.ts'

const PAGE_SIZE = 50
/** Owners and repositories that are listed. */
const MOST_SHARES = 10

export interface PolicyReport {
  /** Distinct manifests with a tag. */
  readonly brokenImages: number
  readonly checkedImages: number
  readonly repositories: number
  readonly total: number
  /** False: every number is "at least". */
  readonly isComplete: boolean
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
  readonly findings: readonly Finding[]
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
  const [{ findings, checkedImages, isComplete, history }, ages] = await Promise.all([
    policyFindings(actor, policies),
    readCatalogAges(actor),
  ])
  const selected = selectFindings(findings, state)
  const page = Math.min(Math.max(1, state.page), Math.max(1, Math.ceil(selected.length / PAGE_SIZE)))
  const byRepository = sharesOf(findings, placeOf)
  return {
    brokenImages: imagesOf(findings),
    checkedImages,
    repositories: byRepository.length,
    total: findings.length,
    isComplete,
    policies: policies.map(({ name, queryText }) => {
      const own = findings.filter(({ policy }) => policy === name)
      return { name, query: queryText, counts: countsOf(own), total: own.length }
    }),
    totals: countsOf(findings),
    added: findings.filter((finding) => isNew(finding)).length,
    ended: history.weeks[0]?.ended ?? 0,
    ...(history.began !== undefined && { trend: trendOf(history.began, history.weeks, findings.length) }),
    byOwner: sharesOf(findings, ({ owner }) => owner ?? NO_OWNER).slice(0, MOST_SHARES),
    byRepository: byRepository.slice(0, MOST_SHARES),
    findings: selected.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
    selected: selected.length,
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

const placeOf = ({ registry, repository }: Finding) => `${registry}/${repository}`

function countsOf(findings: readonly Finding[]): KindCounts {
  const count = (wanted: PolicyKind) => findings.filter(({ kind }) => kind === wanted).length
  return Object.fromEntries(POLICY_KINDS.map((kind) => [kind, count(kind)])) as Record<PolicyKind, number>
}

/** Most findings first. */
function sharesOf(findings: readonly Finding[], nameOf: (finding: Finding) => string): Share[] {
  return Array.from(Map.groupBy(findings, nameOf), ([name, some]) => ({
    name,
    findings: some.length,
    images: imagesOf(some),
  })).sort((a, b) => b.findings - a.findings || (a.name < b.name ? -1 : 1))
}

function imagesOf(findings: readonly Finding[]): number {
  return new Set(findings.map(({ digest }) => digest)).size
}
