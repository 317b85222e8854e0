import { plural } from '../../lib/format/bytes.ts'

interface All {
  readonly count: number
  readonly findings: number
  readonly noun: readonly [one: string, many: string]
}

/** How many shares a list of the largest leaves out, in words. @param all what the shares are the largest of */
export function restOfShares(shares: readonly { readonly findings: number }[], all: All): string | undefined {
  const rest = all.count - shares.length
  if (rest <= 0) return undefined
  const findings = shares.reduce((sum, share) => sum - share.findings, all.findings)
  const [one, many] = all.noun
  return `${plural(rest, `more ${one}`, `more ${many}`)} with ${plural(findings, 'finding')}`
}
