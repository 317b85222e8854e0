import type { LabelRule, Policy } from '../../config/policy-file.ts'
import { matchesGlob } from '../../filter/glob.ts'
import { FORMAT_WORDS, hasFormat, licencesOf } from './label-format.ts'

export const FINDING_KINDS = ['missing', 'invalid', 'forbidden', 'too-old'] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

/** What a policy reads of one platform image. */
export interface CheckedImage {
  /** The value that counts for each key. */
  readonly labels: ReadonlyMap<string, string>
  /** Milliseconds since the epoch. */
  readonly created?: number
}

/** One rule that an image breaks. */
export interface Breach {
  readonly kind: FindingKind
  /** Of the label; absent for `too-old`. */
  readonly key?: string
  /** What was found, where something was. */
  readonly value?: string
  /** What the policy asks for, in words. */
  readonly expected: string
}

/** Everything in which an image breaks a policy. An image whose age is unknown is not too old. */
export function checkImage(policy: Policy, image: CheckedImage, now: number): readonly Breach[] {
  const breaches = policy.labels.flatMap((rule) => checkLabel(rule, image.labels.get(rule.key)) ?? [])
  for (const key of policy.forbid) {
    const value = image.labels.get(key)
    if (value !== undefined) breaches.push({ kind: 'forbidden', key, value, expected: 'no such label' })
  }
  const { maxAge } = policy
  if (maxAge && image.created !== undefined && now - image.created > maxAge.milliseconds)
    breaches.push({
      kind: 'too-old',
      value: new Date(image.created).toISOString(),
      expected: `created within ${maxAge.text}`,
    })
  return breaches
}

function checkLabel(rule: LabelRule, value: string | undefined): Breach | undefined {
  const { key } = rule
  // An empty value says no more than none.
  if (value === undefined || value.trim() === '')
    return rule.required
      ? { kind: 'missing', key, expected: expectedOf(rule), ...(value !== undefined && { value }) }
      : undefined
  return isValid(rule, value) ? undefined : { kind: 'invalid', key, value, expected: expectedOf(rule) }
}

function isValid({ format, allow, pattern, oneOf }: LabelRule, value: string): boolean {
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
