import type { PlatformChange } from '../../lib/data/manifest/read-diff.ts'
import { plural } from '../../lib/format/bytes.ts'
import { isUnknownPlatform } from '../../lib/format/platform.ts'

const WORDS = [
  ['changed', (count) => (count === 1 ? 'differs' : 'differ')],
  ['removed', (count) => `${be(count)} only in Before`],
  ['added', (count) => `${be(count)} only in After`],
] as const satisfies readonly (readonly [PlatformChange['state'], (count: number) => string])[]

/** How two indexes differ, as a phrase: `3 platforms and 5 attestations are only in Before`. Empty where their entries are equal. */
export function indexDifference(platforms: readonly PlatformChange[]): string {
  return WORDS.flatMap(([state, verb]) => {
    const entries = platforms.filter((entry) => entry.state === state)
    const attestations = entries.filter((entry) => entry.attestation).length
    const others = entries.filter((entry) => !entry.attestation && isUnknownPlatform(entry.platform)).length
    const runnable = entries.length - attestations - others
    const parts = [
      runnable > 0 ? plural(runnable, 'platform') : '',
      attestations > 0 ? plural(attestations, 'attestation') : '',
      others > 0 ? plural(others, 'entry without a platform', 'entries without a platform') : '',
    ].filter(Boolean)
    return parts.length > 0 ? `${parts.join(' and ')} ${verb(entries.length)}` : []
  }).join('; ')
}

function be(count: number): string {
  return count === 1 ? 'is' : 'are'
}
