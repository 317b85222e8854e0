import { basename } from 'node:path'
import { isMap, isScalar, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml'
import { z } from 'zod'
import { checkPatterns } from '../filter/check-patterns.ts'
import { parseQuery } from '../filter/parse-query.ts'
import type { Query } from '../filter/query.ts'
import { DURATION } from '../filter/query-range.ts'
import { ConfigError, quoted } from './config-error.ts'
import { readTextFile } from './environment.ts'

/** Named as hadolint names them, so that rules can be shared with the check of a Dockerfile. */
export const LABEL_FORMATS = ['text', 'rfc3339', 'semver', 'url', 'spdx', 'email', 'hash'] as const
export type LabelFormat = (typeof LABEL_FORMATS)[number]

/** What is asked of the images that a query finds. */
export interface Policy {
  readonly name: string
  readonly query: Query
  /** As it is written in the file; empty for everything. */
  readonly queryText: string
  readonly labels: readonly LabelRule[]
  /** Keys that no image may have. */
  readonly forbid: readonly string[]
  /** Milliseconds, and as it is written. */
  readonly maxAge?: { readonly milliseconds: number; readonly text: string }
  /** Whose finding it is: the value of a label, or a name. */
  readonly owner?: { readonly label: string } | { readonly name: string }
}

export interface LabelRule {
  readonly key: string
  readonly required: boolean
  readonly format?: LabelFormat
  /** The parts that a value may consist of: licences of an SPDX expression, else whole values. */
  readonly allow?: readonly string[]
  /** A glob over the whole value. */
  readonly pattern?: string
  readonly oneOf?: readonly string[]
}

/**
 * Reads the YAML file that POLICY_FILE names.
 * @throws ConfigError that lists every mistake with its line
 */
export function readPolicyFile(path: string): readonly Policy[] {
  return parsePolicies(basename(path), readTextFile('POLICY_FILE', path))
}

/** @param file its name, for messages. @throws ConfigError */
export function parsePolicies(file: string, source: string): readonly Policy[] {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const mistakes: Mistake[] = document.errors.map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    text: `not valid YAML: ${message}`,
  }))
  if (mistakes.length > 0) throw policyError(file, mistakes)
  const lineOf = (path: readonly PropertyKey[]) => {
    const node = nearestNode(document.contents, path)
    return node?.range ? lines.linePos(node.range[0]).line : 1
  }
  const parsed = fileSchema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {})
  if (!parsed.success)
    throw policyError(
      file,
      parsed.error.issues.map((issue) => ({
        line: lineOf(issue.path),
        text: `${printPath(issue.path)}: ${issue.message}`,
      })),
    )
  const policies = parsed.data.policies.map((entry, index): Policy => {
    const { query, mistakes: found } = checkPatterns(parseQuery(entry.query))
    for (const { at, expected } of found)
      mistakes.push({
        line: lineOf(['policies', index, 'query']),
        text: `query: character ${at.start + 1}: expected ${expected}`,
      })
    if (parsed.data.policies.findIndex(({ name }) => name === entry.name) < index)
      mistakes.push({ line: lineOf(['policies', index, 'name']), text: `the name ${quoted(entry.name)} is used twice` })
    return {
      name: entry.name,
      query,
      queryText: entry.query,
      labels: Object.entries(entry.labels).map(([key, rule]) => labelRule(key, rule)),
      forbid: entry.forbid,
      ...(entry.maxAge && { maxAge: entry.maxAge }),
      ...(entry.owner !== undefined && { owner: ownerOf(entry.owner) }),
    }
  })
  if (mistakes.length > 0) throw policyError(file, mistakes)
  return policies
}

interface Mistake {
  readonly line: number
  readonly text: string
}

/** An age as a query has it, such as `age:>180d`. */
function ageOf(text: string): Policy['maxAge'] {
  const age = DURATION.parse(text)
  return age && { milliseconds: age.first, text }
}

const values = z.array(z.coerce.string().min(1)).min(1)
const ruleSchema = z.strictObject({
  required: z.boolean().default(false),
  format: z.enum(LABEL_FORMATS, { error: `expected one of ${LABEL_FORMATS.join(', ')}` }).optional(),
  allow: values.optional(),
  pattern: z.string().min(1).max(500).optional(),
  oneOf: values.optional(),
})
const policySchema = z.strictObject({
  name: z.string({ error: 'expected a name, for example ownership' }).min(1).max(100),
  query: z.string({ error: 'expected a query, for example "repo:team-*/**"' }).default(''),
  labels: z.record(z.string().min(1), ruleSchema).default({}),
  forbid: z.array(z.string().min(1)).default([]),
  maxAge: z
    .string()
    .refine((text) => ageOf(text) !== undefined, 'expected an age, for example 180d, 6mo or 1y')
    .transform(ageOf)
    .optional(),
  owner: z.string().min(1).optional(),
})
const fileSchema = z.strictObject({ policies: z.array(policySchema, { error: 'expected a list of policies' }) })

function labelRule(key: string, { required, format, allow, pattern, oneOf }: z.infer<typeof ruleSchema>): LabelRule {
  return {
    key,
    required,
    ...(format && { format }),
    ...(allow && { allow }),
    ...(pattern && { pattern }),
    ...(oneOf && { oneOf }),
  }
}

function ownerOf(owner: string): NonNullable<Policy['owner']> {
  return owner.startsWith('label:') ? { label: owner.slice('label:'.length) } : { name: owner }
}

/** The node at a path, or what is nearest above it. */
function nearestNode(root: ParsedNode | null, path: readonly PropertyKey[]): Node | undefined {
  let node: Node | undefined = root ?? undefined
  for (const key of path) {
    const pair = isMap(node) ? node.items.find(({ key: own }) => isScalar(own) && own.value === key) : undefined
    const next = pair ? (pair.value ?? pair.key) : isNodeList(node) ? node.get(key, true) : undefined
    if (!next) return node
    node = next as Node
  }
  return node
}

function isNodeList(node: unknown): node is { get(key: PropertyKey, keepScalar: true): unknown } {
  return typeof node === 'object' && node !== null && 'get' in node
}

function printPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  )
}

function policyError(file: string, mistakes: readonly Mistake[]): ConfigError {
  const sorted = mistakes.toSorted((a, b) => a.line - b.line)
  return new ConfigError(file, sorted.map(({ line, text }) => `line ${line}: ${text}`).join('; '))
}
