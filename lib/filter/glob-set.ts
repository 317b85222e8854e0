import { type GlobToken, tokenizeGlob } from './glob-tokens.ts'

/** States that are kept; more are forgotten and made again, as in RE2. */
const MOST_STATES = 4_096
/** With this many states, the automaton gains nothing. */
const MOST_TIMES_FORGOTTEN = 8

const ASCII = 128
const UNKNOWN = -1
/** Two states that no character leaves: nothing can match any more, and whatever follows, a pattern matches. */
const DEAD = 0
const MATCHED = 1

/**
 * Whether at least one of many globs matches the whole of an ASCII text, at the cost of one look-up for each of its
 * characters, whatever their number. It is the automaton of all patterns, made as texts need it. What a text has in
 * common with the one before costs next to nothing, so sorted texts are quickest.
 * @returns undefined where it can't tell: for other characters, and for patterns that make too many states
 */
export function compileGlobSet(patterns: readonly string[]): (text: string) => boolean | undefined {
  const automaton = new Automaton(patterns)
  return (text) => automaton.matches(text)
}

/** Repository names have at most 255 characters. */
const LONGEST = 1_024

class Automaton {
  /** One list: what stands between two patterns matches nothing. */
  readonly #tokens: (GlobToken | undefined)[] = []
  readonly #starts: number[] = []
  /** By character code: characters that all tokens treat alike have one class. */
  readonly #classes = new Uint8Array(ASCII).fill(OTHER)
  readonly #classBits: number
  /** When a position was last added to the set that is being made: a set without the cost of one. */
  readonly #stamps: Int32Array
  readonly #found: Int32Array
  #stamp = 0
  #count = 0
  /** By state and class: the number of the next state. */
  #next = new Int32Array()
  /** By state: what has matched so far, as numbers of tokens. */
  #positions: Int32Array[] = []
  #isMatch: boolean[] = []
  #byHash = new Map<number, number[]>()
  #timesForgotten = 0
  /** Of the text before: its characters read so far, and the state before each of them. */
  readonly #codes = new Uint8Array(LONGEST)
  readonly #path = new Int32Array(LONGEST + 1)
  #looked = 0

  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) {
      this.#starts.push(this.#tokens.length)
      this.#tokens.push(...tokenizeGlob(pattern), undefined)
    }
    let classes = OTHER
    for (const code of [SLASH, ...this.#tokens.map(codeOf)])
      if (code < ASCII && this.#classes[code] === OTHER) this.#classes[code] = ++classes
    this.#classBits = 32 - Math.clz32(classes)
    this.#stamps = new Int32Array(this.#tokens.length)
    this.#found = new Int32Array(this.#tokens.length)
    this.#begin()
  }

  matches(text: string): boolean | undefined {
    const { length } = text
    if (this.#timesForgotten > MOST_TIMES_FORGOTTEN || length > LONGEST) return undefined
    if (this.#positions.length > MOST_STATES) {
      this.#timesForgotten++
      this.#begin()
    }
    // Local: this is done for each character of each name.
    const codes = this.#codes
    const path = this.#path
    const classes = this.#classes
    const bits = this.#classBits
    let next = this.#next
    const common = Math.min(this.#looked, length)
    let index = 0
    while (index < common && text.charCodeAt(index) === codes[index]) index++
    let state = path[index] as number
    for (; index < length && state > MATCHED; index++) {
      const code = text.charCodeAt(index)
      if (code >= ASCII) {
        this.#looked = index
        return undefined
      }
      codes[index] = code
      const at = (state << bits) | (classes[code] as number)
      state = next[at] as number
      if (state === UNKNOWN) {
        state = this.#make(path[index] as number, code, at)
        next = this.#next
      }
      path[index + 1] = state
    }
    this.#looked = index
    return this.#isMatch[state]
  }

  #make(state: number, code: number, at: number): number {
    this.#clear()
    for (const position of this.#positions[state] as Int32Array) this.#advance(position, code)
    const next = this.#stateOfFound()
    this.#next[at] = next
    return next
  }

  #begin(): void {
    this.#next.fill(UNKNOWN)
    this.#positions = []
    this.#isMatch = []
    this.#byHash = new Map()
    this.#add(new Int32Array(), false)
    this.#add(new Int32Array(), true)
    this.#clear()
    for (const start of this.#starts) this.#arrive(start)
    this.#path[0] = this.#stateOfFound()
    this.#looked = 0
  }

  #add(positions: Int32Array, isMatch: boolean): number {
    const state = this.#positions.push(positions) - 1
    this.#isMatch.push(isMatch)
    const needed = (state + 1) << this.#classBits
    if (needed > this.#next.length) {
      const larger = new Int32Array(2 * needed).fill(UNKNOWN)
      larger.set(this.#next)
      this.#next = larger
    }
    return state
  }

  #clear(): void {
    this.#stamp++
    this.#count = 0
  }

  #find(at: number): void {
    if (this.#stamps[at] === this.#stamp) return
    this.#stamps[at] = this.#stamp
    this.#found[this.#count++] = at
  }

  /** The tokens before `at` have matched; wildcards that may be empty are passed too. */
  #arrive(at: number): void {
    this.#find(at)
    const token = this.#tokens[at]
    if (typeof token === 'object' && token.wildcard !== 'one') this.#arrive(at + 1)
  }

  #advance(at: number, code: number): void {
    const token = this.#tokens[at]
    if (token === undefined) return
    if (typeof token === 'string') {
      if (codeOf(token) === code) this.#arrive(at + 1)
      return
    }
    switch (token.wildcard) {
      case 'one':
        if (code !== SLASH) this.#arrive(at + 1)
        return
      case 'run':
        if (code !== SLASH) this.#arrive(at)
        return
      case 'deep-run':
        this.#arrive(at)
        return
      case 'segments':
        // Inside a segment: it ends only at a slash.
        this.#find(at)
        if (code === SLASH) this.#arrive(at + 1)
    }
  }

  #stateOfFound(): number {
    const positions = this.#found.subarray(0, this.#count)
    if (positions.length === 0) return DEAD
    let hash = 0
    let isMatch = false
    for (const at of positions) {
      if (this.#tokens[at] === undefined) isMatch = true
      else if (isWildcard(this.#tokens[at], 'deep-run') && this.#tokens[at + 1] === undefined) return MATCHED
      // In any order: they are found in that of the state before.
      hash = (hash + Math.imul(at + 1, 0x9e3779b1) * ((at & 1023) + 1)) | 0
    }
    const alike = this.#byHash.get(hash) ?? []
    for (const state of alike) if (this.#isFound(this.#positions[state] as Int32Array)) return state
    const state = this.#add(positions.slice(), isMatch)
    alike.push(state)
    this.#byHash.set(hash, alike)
    return state
  }

  /** Whether what was found is just these positions. */
  #isFound(positions: Int32Array): boolean {
    return positions.length === this.#count && positions.every((at) => this.#stamps[at] === this.#stamp)
  }
}

const OTHER = 0
const SLASH = 0x2f

/** Of what isn't an ASCII character: a number that no code equals. */
function codeOf(token: GlobToken | undefined): number {
  return typeof token === 'string' && token.length === 1 ? token.charCodeAt(0) : ASCII
}

function isWildcard(token: GlobToken | undefined, wildcard: string): boolean {
  return typeof token === 'object' && token.wildcard === wildcard
}
