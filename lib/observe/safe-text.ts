import { processWide } from '../config/process-wide.ts'

/** Secrets of this process: the log shows none of them. Shorter ones would hide ordinary words. */
const LEAST_LENGTH = 6

export function hideInLogs(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets) {
    if (!secret || secret.length < LEAST_LENGTH) continue
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) hidden().add(form)
  }
}

/**
 * Text as it may stand in a log: without secrets, and with every control and formatting character written out, so that
 * what a registry sent can neither forge a line nor steer a terminal.
 */
export function safeText(text: string, keepLines = false): string {
  let safe = text
  for (const secret of hidden()) safe = safe.replaceAll(secret, '[hidden]')
  for (const [pattern, replacement] of SECRETS) safe = safe.replace(pattern, replacement)
  return safe.replace(CONTROLS, (character) =>
    keepLines && character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** C0, DEL, C1, and what changes the direction or the lines of text. */
const CONTROLS = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu

/** Secrets by what stands before them. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}/gi, '$1 [hidden]'],
  [/(:\/\/[^\s/:@"]{1,256}):[^\s/@"]{1,256}@/g, '$1:[hidden]@'],
  [
    /\b((?:access_|refresh_|id(?:entity)?_?)?token|password|secret|signature|sig|x-amz-(?:signature|credential))=[^\s&"]+/gi,
    '$1=[hidden]',
  ],
]

function hidden(): Set<string> {
  return processWide('hidden-in-logs', () => new Set<string>())
}
