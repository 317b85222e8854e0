/** A piece of JSON text and what it is, for highlighting. */
export interface JsonToken {
  readonly kind: 'key' | 'string' | 'digest' | 'media-type' | 'number' | 'literal' | 'punctuation' | 'space'
  readonly text: string
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]|\s+|[^\s"{}[\],:]+|"/g
const DIGEST = /^"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})"$/
const MEDIA_TYPE = /^"(?:application|text|image)\/[\w.+-]+"$/

/**
 * The tokens of each line of a JSON text. Joined they are the text again, to the letter: what is not JSON is passed
 * through as literals.
 */
export function jsonLines(text: string): JsonToken[][] {
  const lines: JsonToken[][] = [[]]
  let key = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^\s/.test(token)) {
      token.split('\n').forEach((space, index) => {
        if (index > 0) lines.push([])
        if (space) lines.at(-1)?.push({ kind: 'space', text: space })
      })
      continue
    }
    const line = lines.at(-1)
    if (token === ':') key = markKey(line) ?? key
    // Digests of what layers unpack to: no blob has them.
    const kind = key === '"diff_ids"' && DIGEST.test(token) ? 'string' : kindOf(token)
    line?.push({ kind, text: token })
  }
  return lines
}

function kindOf(token: string): JsonToken['kind'] {
  if (token.startsWith('"')) return DIGEST.test(token) ? 'digest' : MEDIA_TYPE.test(token) ? 'media-type' : 'string'
  if (/^[{}[\],:]$/.test(token)) return 'punctuation'
  return /^-?\d/.test(token) ? 'number' : 'literal'
}

/** A string turns out to be a key when its colon comes. */
function markKey(line: JsonToken[] | undefined): string | undefined {
  const at = line?.findLastIndex((token) => token.kind !== 'space') ?? -1
  const token = line?.[at]
  if (!line || !token?.text.startsWith('"')) return undefined
  line[at] = { kind: 'key', text: token.text }
  return token.text
}
