import type { GlobToken } from './glob-tokens.ts'

/**
 * A matcher for the whole of a text. It keeps the set of tokens that may come next as bits and advances all of them at
 * once for each character (Baeza-Yates and Gonnet, "A new approach to text searching"), so that no glob can make it
 * try possibilities one after another. Bit `i` means: the tokens before `i` have matched.
 */
export function runAutomaton(tokens: readonly GlobToken[]): (text: string) => boolean {
  const words = (tokens.length >> 5) + 1
  const bitsWhere = (test: (token: GlobToken) => boolean) => {
    const bits = new Int32Array(words)
    tokens.forEach((token, index) => {
      if (test(token)) (bits[index >> 5] as number) |= 1 << (index & 31)
    })
    return bits
  }
  const has = (...wildcards: readonly string[]) =>
    bitsWhere((token) => typeof token === 'object' && wildcards.includes(token.wildcard))
  /** Wildcards that match nothing when they are reached, and those that do so after a character too. */
  const mayBeEmpty = has('run', 'deep-run', 'segments')
  const stars = has('run', 'deep-run')
  const stayAtSlash = has('deep-run', 'segments')
  const stayElsewhere = has('run', 'deep-run', 'segments')
  const moveAt = new Map<number, Int32Array>()
  for (const token of tokens)
    if (typeof token === 'string')
      moveAt.set(
        token.codePointAt(0) as number,
        bitsWhere(
          (other) => other === token || (token !== '/' && typeof other === 'object' && other.wildcard === 'one'),
        ),
      )
  const moveAtOther = has('one')
  const segments = has('segments')
  const slashes = moveAt.get(SLASH)
  moveAt.set(SLASH, slashes ? slashes.map((bits, word) => bits | (segments[word] as number)) : segments)

  const start = new Int32Array(words)
  start[0] = 1
  passEmpty(start, mayBeEmpty)
  const state = new Int32Array(words)
  const arrived = new Int32Array(words)
  return (text) => {
    state.set(start)
    for (let at = 0; at < text.length; at++) {
      const char = text.codePointAt(at) as number
      if (char > 0xffff) at++
      const move = moveAt.get(char) ?? moveAtOther
      const stay = char === SLASH ? stayAtSlash : stayElsewhere
      let carry = 0
      let any = 0
      for (let word = 0; word < words; word++) {
        const now = state[word] as number
        const moved = now & (move[word] as number)
        const stayed = now & (stay[word] as number)
        arrived[word] = (moved << 1) | carry | (stayed & (stars[word] as number))
        carry = moved >>> 31
        state[word] = stayed
        any |= moved | stayed
      }
      if (any === 0) return false
      passEmpty(arrived, mayBeEmpty)
      for (let word = 0; word < words; word++) (state[word] as number) |= arrived[word] as number
    }
    return ((state[tokens.length >> 5] as number) & (1 << (tokens.length & 31))) !== 0
  }
}

const SLASH = 0x2f

/** Adds what follows wildcards that may be empty. Folding leaves two of them in a row at most: `**` and a slash, then `*`. */
function passEmpty(bits: Int32Array, mayBeEmpty: Int32Array): void {
  for (let round = 0; round < 2; round++) {
    let carry = 0
    for (let word = 0; word < bits.length; word++) {
      const passed = (bits[word] as number) & (mayBeEmpty[word] as number)
      ;(bits[word] as number) |= (passed << 1) | carry
      carry = passed >>> 31
    }
  }
}
