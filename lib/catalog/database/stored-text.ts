import { createHash } from 'node:crypto'

/** A character that Unicode will never assign, before a character that a database can't hold. */
const ESCAPE = '\u{10ffff}'

/** Any text as PostgreSQL takes it too: it refuses NUL, and a lone surrogate has no form in UTF-8. */
export function storedText(text: string): string {
  return text.toWellFormed().replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll('\0', `${ESCAPE}0`)
}

/** The text that `storedText` was given. */
export function originalText(stored: string): string {
  return stored.replaceAll(`${ESCAPE}0`, '\0').replaceAll(`${ESCAPE}1`, ESCAPE)
}

/** Characters of a label's key that are kept and linked by: an image may have one of a million. */
const LONGEST_KEY = 300

/** Of a longer key the beginning, and its hash behind, so that two that begin alike stay different. */
export function cutKey(key: string): string {
  return key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY).toWellFormed()}…${textHash(key)}` : key
}

/** The key by which a text of any length is found: an index takes 2,700 bytes at most on PostgreSQL. */
export function textHash(text: string): string {
  return createHash('sha256').update(storedText(text)).digest('base64url').slice(0, 22)
}
