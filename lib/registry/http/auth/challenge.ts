import { skipSpace, tokenAt, valueAt } from '../wire/header-text.ts'

/** One authentication challenge of a `WWW-Authenticate` header. Scheme and parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Longer headers are cut: a challenge that matters is short, and the grammar below is scanned once. */
const MAX_LENGTH = 16_384

/**
 * Reads every challenge of every header (RFC 9110, 11.6.1). Registries deviate, so this never throws: values may be
 * unquoted (`basic realm=zot`), schemes in any case, several challenges in one header, and garbage is skipped.
 */
export function parseChallenges(header: string | readonly string[] | undefined): Challenge[] {
  const headers = header === undefined ? [] : typeof header === 'string' ? [header] : header
  return headers.flatMap((text) => parseOne(text.slice(0, MAX_LENGTH)))
}

/** The first challenge of a scheme, given in lower case. */
export function findChallenge(challenges: readonly Challenge[], scheme: string): Challenge | undefined {
  return challenges.find((challenge) => challenge.scheme === scheme)
}

function parseOne(text: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  let at = 0
  while (at < text.length) {
    const word = tokenAt(text, at)
    if (!word) {
      at++
      continue
    }
    at += word.length
    const equals = skipSpace(text, at)
    if (text[equals] !== '=') {
      // A word that no "=" follows begins a challenge; anything else would be a parameter of the current one.
      challenges.push({ scheme: word.toLowerCase(), parameters: new Map() })
      continue
    }
    // Unquoted values may contain characters not allowed in a token, as in `realm=https://auth.example.com/token`.
    const value = valueAt(text, equals + 1, ', \t')
    at = value.end
    const current = challenges.at(-1)
    const name = word.toLowerCase()
    if (current && !current.parameters.has(name)) current.parameters.set(name, value.text)
  }
  return challenges
}
