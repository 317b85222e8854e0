import { ATTACHMENTS, IMAGE_TYPES, type TermBody, type TextMatch } from './query.ts'
import { COUNT, DURATION, INSTANT, type Measure, parseRange, SIZE } from './query-range.ts'

/** A word before a colon, and what may come after it. */
export interface Qualifier {
  readonly name: string
  /** For people, in completion. */
  readonly finds: string
  /** For a message and for completion, with an example. */
  readonly expected: string
  /** Words that are the only values. */
  readonly words?: readonly string[]
  /** Undefined for a value that isn't expected. The value of `label:` has a form of its own, and isn't a list. */
  readonly parse?: (values: readonly TextMatch[]) => TermBody | undefined
}

const LIST: readonly Qualifier[] = [
  {
    name: 'label',
    finds: 'images by label, for example label:team=quay',
    expected: 'the key of a label, for example label:team',
  },
  names('registry', 'tags in a registry', 'the name of a registry, for example hub'),
  names('repo', 'tags in repositories', 'a repository or a glob, for example team-a/**'),
  names('tag', 'tags by name', 'a tag or a glob, for example latest,1.*'),
  {
    name: 'platform',
    finds: 'images for a platform',
    expected: 'a platform, for example linux/arm64',
    parse: (anyOf) => (anyOf.every(({ text }) => text !== '') ? { field: 'platform', anyOf } : undefined),
  },
  words('type', 'kinds of content', IMAGE_TYPES, (anyOf) => ({ field: 'type', anyOf })),
  words('has', 'images with a signature, an SBOM or provenance', ATTACHMENTS, (anyOf) => ({ field: 'has', anyOf })),
  {
    name: 'digest',
    finds: 'a manifest, config or layer',
    expected: 'at least 6 hexadecimal digits of a digest, for example 57c0d71d',
    parse(values) {
      const anyOf = values.map(({ text }) => /^(?:sha(?:256|512):)?([0-9a-f]{6,128})$/i.exec(text)?.[1]?.toLowerCase())
      return anyOf.every((hex) => hex !== undefined) ? { field: 'digest', anyOf } : undefined
    },
  },
  {
    name: 'created',
    finds: 'images built within a date range',
    expected: INSTANT.expected,
    parse: (values) => time('created', values) ?? span('created', values),
  },
  {
    name: 'age',
    finds: 'images older or newer than an age',
    expected: DURATION.expected,
    parse: (values) => span('created', values),
  },
  {
    name: 'moved',
    finds: 'tags that moved within a time span',
    expected: `${DURATION.expected}; or ${INSTANT.expected}`,
    parse: (values) => span('moved', values) ?? time('moved', values),
  },
  {
    name: 'size',
    finds: 'images by compressed size',
    expected: SIZE.expected,
    parse: (values) => withRange(values, SIZE, (range) => ({ field: 'size', range })),
  },
  {
    name: 'layers',
    finds: 'images by number of layers',
    expected: COUNT.expected,
    parse: (values) => withRange(values, COUNT, (range) => ({ field: 'layers', range })),
  },
]

/** What finds images and their tags. */
export const QUALIFIERS: ReadonlyMap<string, Qualifier> = new Map(LIST.map((entry) => [entry.name, entry]))

function names(name: 'registry' | 'repo' | 'tag', finds: string, expected: string): Qualifier {
  return {
    name,
    finds,
    expected,
    parse: (anyOf) => (anyOf.every(({ text }) => text !== '') ? { field: name, anyOf } : undefined),
  }
}

function words<Word extends string>(
  name: string,
  finds: string,
  known: readonly Word[],
  term: (anyOf: readonly Word[]) => TermBody,
): Qualifier {
  return {
    name,
    finds,
    words: known,
    expected: `one of ${known.join(', ')}`,
    parse(values) {
      const anyOf = values.map(({ text }) => known.find((word) => word === text.toLowerCase()))
      return anyOf.every((word) => word !== undefined) ? term(anyOf) : undefined
    },
  }
}

function time(field: 'created' | 'moved', values: readonly TextMatch[]): TermBody | undefined {
  return withRange(values, INSTANT, (range) => ({ field, unit: 'at', range }))
}

function span(field: 'created' | 'moved', values: readonly TextMatch[]): TermBody | undefined {
  return withRange(values, DURATION, (range) => ({ field, unit: 'ago', range }))
}

function withRange(
  values: readonly TextMatch[],
  measure: Measure,
  term: (range: NonNullable<ReturnType<typeof parseRange>>) => TermBody,
): TermBody | undefined {
  const [only, ...more] = values
  const range = only && more.length === 0 ? parseRange(only.text, measure) : undefined
  return range && term(range)
}
