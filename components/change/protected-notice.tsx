import { Notice } from '@/components/ui/notice'
import { type Protection, protectedProblem } from '@/lib/problem/protected-problem'
import { ruleOf } from '@/lib/problem/rule-of'

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
    const rule = ruleOf(protectedBy, tag)
    if (rule !== undefined) return { tag, rule, mayOverride }
  }
  return undefined
}
