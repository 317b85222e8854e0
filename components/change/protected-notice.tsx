import { Notice } from '@/components/ui/notice'
import { ownValue } from '@/lib/format/own-value'
import { type Protection, protectedProblem } from '@/lib/problem/protected-problem'

/** The rule that prevents the change, shown before anything is submitted. */
export function ProtectedNotice({ protection }: { protection: Protection }) {
  const { title, detail, advice } = protectedProblem(protection)
  return (
    <Notice tone="lock" title={title}>
      <p>{detail}</p>
      <p className="mt-1">{advice}</p>
    </Notice>
  )
}

/** The first of these tags that a rule protects. */
export function protectionAmong(
  tags: readonly string[],
  {
    protectedBy,
    mayOverride,
  }: { readonly protectedBy: Readonly<Record<string, string>>; readonly mayOverride: boolean },
): Protection | undefined {
  for (const tag of tags) {
    const rule = ownValue(protectedBy, tag)
    if (rule !== undefined) return { tag, rule, mayOverride }
  }
  return undefined
}
