import type { NameFilter } from './name-filter.ts'

/**
 * Understands what was typed to filter names: a regular expression between slashes, a glob when there is a star or a
 * question mark in it, words otherwise. A glob without a slash is for the last segment. `undefined` when it is empty.
 */
export function parseFilter(typed: string): NameFilter | undefined {
  const text = typed.trim()
  if (text === '') return undefined
  if (text.length > 2 && text.startsWith('/') && text.endsWith('/')) return { pattern: text.slice(1, -1) }
  if (/[*?]/.test(text)) return { glob: text.includes('/') ? text : `**/${text}` }
  return { words: text.split(/\s+/) }
}
