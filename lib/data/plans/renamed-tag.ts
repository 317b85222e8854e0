import { z } from 'zod'
import { compilePattern } from '../../filter/compile-pattern.ts'

const text = z.string().max(100)

/** How a tag's new name is derived from its name. */
export const renameRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('add'), prefix: text, suffix: text }),
  /** Only from tags that begin and end with them. */
  z.strictObject({ kind: z.literal('remove'), prefix: text, suffix: text }),
  /** Every match of a regular expression in RE2's syntax; `$1` is its first group. */
  z.strictObject({
    kind: z.literal('replace'),
    pattern: text.min(1, 'Enter a regular expression, for example -rc\\d+$.').superRefine((pattern, context) => {
      try {
        compilePattern(pattern, { ignoreCase: false })
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
      }
    }),
    with: text,
  }),
])
export type RenameRule = z.output<typeof renameRule>

/** Derives new names. @returns undefined for a tag that the rule isn't about @throws FormatError `pattern` */
export function renamer(rule: RenameRule): (tag: string) => string | undefined {
  switch (rule.kind) {
    case 'add':
      return (tag) => changed(tag, `${rule.prefix}${tag}${rule.suffix}`)
    case 'remove': {
      const { prefix, suffix } = rule
      return (tag) =>
        tag.length > prefix.length + suffix.length && tag.startsWith(prefix) && tag.endsWith(suffix)
          ? changed(tag, tag.slice(prefix.length, tag.length - suffix.length))
          : undefined
    }
    case 'replace': {
      const pattern = compilePattern(rule.pattern, { ignoreCase: false })
      return (tag) => changed(tag, pattern.matcher(tag).replaceAll(rule.with))
    }
  }
}

function changed(before: string, after: string): string | undefined {
  return after === before ? undefined : after
}
