const LINES = 6
/** About six lines of a table's column. */
const CHARACTERS = 600

/** Whether a text takes more than some six lines, so that it's folded. */
export function isLong(text: string): boolean {
  return text.length > CHARACTERS || text.split('\n', LINES + 1).length > LINES
}

/** The most of one value that a page of many carries. */
const CUT = 4096

/** What a page shows of a value, and how many characters it leaves out. Never ends inside a surrogate pair. */
export function cutText(text: string, limit = CUT): { readonly shown: string; readonly left: number } {
  if (text.length <= limit) return { shown: text, left: 0 }
  const end = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit
  return { shown: text.slice(0, end), left: text.length - end }
}

/** A value that is a JSON object or array, indented; undefined for anything else. */
export function prettyJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return undefined
  }
}
