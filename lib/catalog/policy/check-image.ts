import type { LabelRule, Policy } from '../../config/policy-file.ts'
import { matchesGlob } from '../../filter/glob.ts'
import { FORMAT_WORDS, hasFormat, licencesOf } from './label-format.ts'

export const FINDING_KINDS = ['missing', 'invalid', 'forbidden', 'too-old'] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

/** The facts that a policy reads from one platform image. */
export interface CheckedImage {
  /** The value that counts for each key. */
  readonly labels: ReadonlyMap<string, string>
  /** Milliseconds since the epoch. */
  readonly created?: number
}

/** One rule's verdict on an image. */
export interface Ruling {
  readonly kind: FindingKind | 'met'
  /** Of the label; absent for the age. */
  readonly key?: string
  /** The value found, if any. */
  readonly value?: string
  /** The requirement, in words. */
  readonly expected: string
}

/** One rule that an image breaks. */
export interface Breach extends Ruling {
  readonly kind: FindingKind
}

/** Every rule's verdict on an image, in the order of the file. An image whose age is unknown is not too old. */
export function judgeImage(policy: Policy, image: CheckedImage, now: number): readonly Ruling[] {
  const rulings = policy.labels.map((rule) => judgeLabel(rule, image.labels.get(rule.key)))
  for (const key of policy.forbid) {
    const value = image.labels.get(key)
    const kind = value === undefined ? 'met' : 'forbidden'
    rulings.push({ kind, key, expected: 'no such label', ...(value !== undefined && { value }) })
  }
  const { maxAge } = policy
  if (maxAge) {
    const { created } = image
    const isOld = created !== undefined && now - created > maxAge.milliseconds
    const value = created === undefined ? {} : { value: new Date(created).toISOString() }
    rulings.push({ kind: isOld ? 'too-old' : 'met', expected: `created within ${maxAge.text}`, ...value })
  }
  return rulings
}

/** Everything in which an image breaks a policy. */
export function checkImage(policy: Policy, image: CheckedImage, now: number): readonly Breach[] {
  return judgeImage(policy, image, now).filter((ruling): ruling is Breach => ruling.kind !== 'met')
}

function judgeLabel(rule: LabelRule, value: string | undefined): Ruling {
  const { key } = rule
  const ruling = { key, expected: expectedOf(rule), ...(value !== undefined && { value }) }
  // An empty value counts as missing.
  if (value === undefined || value.trim() === '') return { kind: rule.required ? 'missing' : 'met', ...ruling }
  return { kind: isValid(rule, value) ? 'met' : 'invalid', ...ruling }
}

/** Whether a value that is there satisfies the rule of its key. */
export function isValid({ format, allow, pattern, oneOf }: LabelRule, value: string): boolean {
  if (format && !hasFormat(value, format)) return false
  if (oneOf && !oneOf.includes(value)) return false
  if (pattern !== undefined && !matchesGlob(pattern, value)) return false
  if (!allow) return true
  const parts = format === 'spdx' ? (licencesOf(value) ?? [value]) : [value]
  return parts.every((part) => allow.includes(part))
}

function expectedOf({ format, allow, pattern, oneOf }: LabelRule): string {
  const values = oneOf ?? allow
  if (values) return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`
  if (pattern !== undefined) return `a value like ${pattern}`
  return FORMAT_WORDS[format ?? 'text']
}
