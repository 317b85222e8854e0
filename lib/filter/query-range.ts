import type { Range } from './query.ts'

/** What a quantity is measured in, and how it is written. */
export interface Measure {
  /** The whole numbers that a text stands for: a day is all its milliseconds. Undefined for anything else. */
  parse(text: string): { readonly first: number; readonly last: number } | undefined
  /** A text whose first, or last, number is this one. */
  print(value: number, edge: 'first' | 'last'): string
  /** For a message, with an example. */
  readonly expected: string
}

/** Reads `>90d`, `<=1GiB`, `2026-01..2026-03`, `3..`, `..3` or `3`. Undefined for anything else. */
export function parseRange(text: string, measure: Measure): Range | undefined {
  const dots = text.indexOf('..')
  if (dots >= 0) return between(text.slice(0, dots), text.slice(dots + 2), measure)
  const [, comparison = '', rest = ''] = /^(>=|<=|>|<|)(.*)$/s.exec(text) ?? []
  const value = measure.parse(rest)
  if (!value) return undefined
  switch (comparison) {
    case '>':
      return { from: value.last + 1 }
    case '>=':
      return { from: value.first }
    case '<':
      return { before: value.first }
    case '<=':
      return { before: value.last + 1 }
    default:
      return { from: value.first, before: value.last + 1 }
  }
}

function between(from: string, to: string, measure: Measure): Range | undefined {
  const first = from === '' ? undefined : measure.parse(from)
  const last = to === '' ? undefined : measure.parse(to)
  if ((from !== '' && !first) || (to !== '' && !last) || (!first && !last)) return undefined
  return { ...(first && { from: first.first }), ...(last && { before: last.last + 1 }) }
}

/** The shortest text that `parseRange` reads as this range. */
export function printRange({ from, before }: Range, measure: Measure): string {
  const { print, parse } = measure
  if (from !== undefined && before !== undefined) return `${print(from, 'first')}..${print(before - 1, 'last')}`
  const candidates: [string, string][] =
    from === undefined
      ? [
          ['<', print(before ?? 0, 'first')],
          ['<=', print((before ?? 0) - 1, 'last')],
        ]
      : [
          ['>=', print(from, 'first')],
          ['>', print(from - 1, 'last')],
        ]
  const texts = candidates.filter(([, value]) => parse(value)).map((parts) => parts.join(''))
  return texts.reduce((one, other) => (other.length < one.length ? other : one))
}

export function isInRange(value: number, { from, before }: Range): boolean {
  return (from === undefined || value >= from) && (before === undefined || value < before)
}

export const COUNT: Measure = {
  expected: 'a number, for example >50',
  parse: (text) => exact(/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  print: (value) => String(value),
}

const BYTES: ReadonlyMap<string, number> = new Map([
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
  ['B', 1],
])

export const SIZE: Measure = quantity(BYTES, 'a size, for example >1GiB or 10MB..100MB', '')

const HOUR = 3_600_000
const DAY = 24 * HOUR
const DURATIONS: ReadonlyMap<string, number> = new Map([
  ['y', 365 * DAY],
  ['mo', 30 * DAY],
  ['w', 7 * DAY],
  ['d', DAY],
  ['h', HOUR],
  ['min', 60_000],
  ['s', 1_000],
  ['ms', 1],
])

export const DURATION: Measure = quantity(
  DURATIONS,
  'a time span in y, mo, w, d, h, min, s or ms, for example >90d, <12h or 2w..6mo',
)

/** Dates in UTC; `2026-01` stands for the whole month. */
export const INSTANT: Measure = {
  expected: 'a date, for example >2026-01-01 or 2026-01..2026-03',
  parse: parseInstant,
  print(value, edge) {
    const isWholeDay = (edge === 'first' ? value : value + 1) % DAY === 0
    const text = new Date(value).toISOString()
    return isWholeDay ? text.slice(0, 'yyyy-mm-dd'.length) : text
  },
}

/** `unitless`: the unit of a number without one; undefined where it needs one. */
function quantity(units: ReadonlyMap<string, number>, expected: string, unitless?: ''): Measure {
  return {
    expected,
    parse(text) {
      const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?)([A-Za-z]*)$/.exec(text) ?? []
      if (digits === undefined) return undefined
      const factor = unit === unitless ? 1 : [...units].find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1]
      const value = factor === undefined ? undefined : Math.round(Number(digits) * factor)
      return exact(value !== undefined && Number.isSafeInteger(value) ? value : undefined)
    },
    print(value) {
      const [unit, factor] = [...units].find(([, size]) => value !== 0 && value % size === 0) ?? ['', 1]
      return unit === '' && unitless === undefined ? `${value}${[...units.keys()].at(-1)}` : `${value / factor}${unit}`
    },
  }
}

function exact(value: number | undefined): { first: number; last: number } | undefined {
  return value === undefined ? undefined : { first: value, last: value }
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?Z?)?)?)?$/

function parseInstant(text: string): { first: number; last: number } | undefined {
  const parts = DATE.exec(text)?.slice(1)
  if (!parts) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  )
  const at = (...values: [number, number, number, number, number, number, number]) => {
    const date = new Date(0)
    date.setUTCFullYear(values[0], values[1] - 1, values[2])
    date.setUTCHours(values[3], values[4], values[5], values[6])
    return date.getTime()
  }
  const first = at(year, month, day, hour, minute, second, ms)
  // A day that isn't in the calendar would be another one: 2026-02-30.
  if (!new Date(first).toISOString().startsWith(text.replace(/Z$/, ''))) return undefined
  const given = parts.filter((part) => part !== undefined).length
  const next: [number, number, number, number, number, number, number] = [year, month, day, hour, minute, second, ms]
  // The last part that was given, minutes where hours were: they come together.
  next[given - 1] = (next[given - 1] ?? 0) + 1
  return { first, last: at(...next) - 1 }
}
