/** The rule that protects a tag, which may be named like what every object has. */
export function ruleOf(protectedBy: Readonly<Record<string, string>> | undefined, tag: string): string | undefined {
  return protectedBy && Object.hasOwn(protectedBy, tag) ? protectedBy[tag] : undefined
}
