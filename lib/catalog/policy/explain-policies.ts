import type { LabelRule, Policy } from '../../config/policy-file.ts'
import { compileQuery, type ImageFacts } from '../../filter/evaluate-query.ts'
import { nearWords } from '../../filter/near-words.ts'
import { type CheckedImage, judgeImage, type Ruling } from './check-image.ts'
import { ownerOf } from './manifest-findings.ts'

/** A platform image as a page has read it. */
export interface ExplainedImage extends CheckedImage {
  /** What the policy's query is asked of: here labels that were added in Lading count too. */
  readonly facts: ImageFacts
  readonly platform?: string
  /** Its config could not be read: it may have more labels than these. */
  readonly isUnread?: boolean
}

export interface PolicyExplanation {
  readonly policy: string
  /** As in the file; empty for everything. */
  readonly query: string
  /** `unknown`: the query asks for something that isn't known of the image. */
  readonly applies: 'yes' | 'no' | 'unknown'
  readonly rules: readonly ExplainedRule[]
  /** Rules that some image breaks. */
  readonly broken: number
  /** Where it applies and says how an owner is found. */
  readonly owner?: ExplainedOwner
}

export interface ExplainedOwner {
  /** Absent: no image states one. */
  readonly name?: string
  /** The label that states it; absent where the policy names the owner itself. */
  readonly label?: string
}

export interface ExplainedRule {
  /** The label; absent for the age. */
  readonly key?: string
  readonly expected: string
  readonly isRequired: boolean
  /** Rulings that differ, with the platforms of each; those that break the rule come first. */
  readonly rulings: readonly (Ruling & { readonly platforms: readonly string[]; readonly near?: string })[]
}

/**
 * Each policy's verdict on an image, rule by rule. @throws FormatError `pattern`, which the configuration has checked
 */
export function explainPolicies(
  policies: readonly Policy[],
  images: readonly ExplainedImage[],
  now: number,
): readonly PolicyExplanation[] {
  return policies.map((policy) => {
    const matches = compileQuery(policy.query, now)
    const verdicts = images.map(({ facts }) => matches(facts))
    const checked = images.filter((_, index) => verdicts[index] === true)
    const read = (checked.length > 0 ? checked : images).filter(({ isUnread }) => !isUnread)
    const rules = explainRules(policy, read, now)
    const applies = checked.length > 0 ? 'yes' : verdicts.includes(undefined) ? 'unknown' : 'no'
    return {
      policy: policy.name,
      query: policy.queryText,
      applies,
      rules,
      broken: applies === 'yes' ? rules.filter(({ rulings: [worst] }) => worst?.kind !== 'met').length : 0,
      ...(applies === 'yes' && policy.owner && { owner: explainOwner(policy, policy.owner, checked) }),
    }
  })
}

function explainOwner(
  policy: Policy,
  rule: NonNullable<Policy['owner']>,
  images: readonly ExplainedImage[],
): ExplainedOwner {
  const name = ownerOf(policy, images)
  return { ...(name !== undefined && { name }), ...('label' in rule && { label: rule.label }) }
}

/** Whose an image is. Where one policy finds an owner, that another finds none says nothing. */
export function ownersOf(
  explained: readonly PolicyExplanation[],
): readonly (ExplainedOwner & Pick<PolicyExplanation, 'policy'>)[] {
  const all = explained.flatMap(({ policy, owner }) => (owner ? [{ policy, ...owner }] : []))
  const named = all.filter(({ name }) => name !== undefined)
  return [...new Map((named.length > 0 ? named : all.slice(0, 1)).map((owner) => [owner.name, owner])).values()]
}

function explainRules(policy: Policy, images: readonly ExplainedImage[], now: number): readonly ExplainedRule[] {
  const judged = images.map((image) => ({ image, rulings: judgeImage(policy, image, now) }))
  return (judged[0]?.rulings ?? []).map(({ key, expected }, index) => {
    const rule = policy.labels[index]
    const same = Map.groupBy(
      judged.flatMap(({ image, rulings }) => (rulings[index] ? [{ image, ruling: rulings[index] }] : [])),
      ({ ruling: { kind, value } }) => JSON.stringify([kind, value]),
    )
    const rulings = [...same.values()].flatMap((some) => {
      const [first] = some
      if (!first) return []
      const near = first.ruling.kind === 'invalid' && rule ? nearest(rule, first.ruling.value ?? '') : undefined
      return {
        ...first.ruling,
        platforms: some.flatMap(({ image: { platform } }) => platform ?? []),
        ...(near !== undefined && { near }),
      }
    })
    return {
      expected,
      isRequired: rule?.required ?? false,
      ...(key !== undefined && { key }),
      rulings: rulings.sort((a, b) => Number(a.kind === 'met') - Number(b.kind === 'met')),
    }
  })
}

/** The allowed values that were probably meant. */
function nearest({ oneOf, allow }: LabelRule, value: string): string | undefined {
  return nearWords(value.slice(0, 200), oneOf ?? allow ?? [], 1)[0]
}

const EXAMPLES = {
  text: '…',
  rfc3339: '2026-02-01T12:00:00Z',
  semver: '1.4.2',
  url: 'https://…',
  spdx: 'Apache-2.0',
  email: 'team@example.com',
  hash: '$GIT_COMMIT',
} as const

/** Instructions of a Dockerfile for a build that breaks none of the policies. Undefined where nothing can be set. */
export function fixOf(policies: readonly Policy[], explained: readonly PolicyExplanation[]): string | undefined {
  const lines = new Map<string, string>()
  const removed = new Set<string>()
  for (const [index, { rules, applies }] of explained.entries()) {
    if (applies !== 'yes') continue
    for (const { key, rulings } of rules) {
      const [worst] = rulings
      if (key === undefined || !worst || worst.kind === 'met') continue
      const rule = policies[index]?.labels.find((each) => each.key === key)
      if (worst.kind === 'forbidden' || !rule) removed.add(key)
      else lines.set(key, worst.near ?? rulings.find(({ kind }) => kind === 'met')?.value ?? exampleOf(rule))
    }
  }
  const label = Array.from(lines, ([key, value]) => `${key}="${value.replaceAll(/["\\]/g, '\\$&')}"`)
  const parts = [
    ...(label.length > 0 ? [`LABEL ${label.join(' \\\n      ')}`] : []),
    ...Array.from(removed, (key) => `# Remove the label ${key}`),
  ]
  return parts.length > 0 ? parts.join('\n') : undefined
}

function exampleOf({ oneOf, allow, pattern, format = 'text' }: LabelRule): string {
  return oneOf?.[0] ?? allow?.[0] ?? pattern?.replaceAll(/\*+/g, '…') ?? EXAMPLES[format]
}
