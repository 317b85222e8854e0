import { sortInSlices, Turns } from '../memory/slices.ts'
import { lengthOf, type RetentionRule } from './retention-policy.ts'

/** What is known of a tag when it is decided whether it stays. */
export interface TagFacts {
  readonly name: string
  /** Absent while it has not been read. */
  readonly manifest?: number
  /** Milliseconds since the epoch. */
  readonly created?: number
  readonly moved?: number
  /** Sorts as versions do; absent for what isn't a version. */
  readonly version?: string
  /** Absent: not checked yet. */
  readonly signed?: boolean
}

/** A rule, ready to be asked. Undefined is unknown, and what is unknown stays. */
export interface CompiledRule<Tag> {
  readonly rule: RetentionRule
  /** Of `matching`: whether it matches. Of `last`: whether the tag is among those that are counted. */
  readonly finds?: (tag: Tag) => boolean | undefined
}

/** Bits of a verdict. Each rule has one, by its position. */
export const PROTECTED = 1 << 30
/** Not read: neither its age nor its digest is known. */
export const UNREAD = 1 << 29
/** Of an image that an index lists which stays. */
export const PLATFORM = 1 << 28

/** Why each tag stays, in the order of the tags. */
export interface Verdicts {
  /** A bit for each rule that keeps the tag; 0 is a tag that goes. */
  readonly kept: Uint32Array
  /** Those of the bits that are set for want of knowledge. */
  readonly unknown: Uint32Array
}

/**
 * Decides for the tags of one repository, however many. A tag is kept if any rule keeps it, or if a rule can't decide.
 * @param protects whether a protection rule keeps it anyway
 */
export async function evaluateTags<Tag extends TagFacts>(
  tags: readonly Tag[],
  rules: readonly CompiledRule<Tag>[],
  { now, protects }: { readonly now: number; readonly protects: (tag: Tag) => boolean },
): Promise<Verdicts> {
  const kept = new Uint32Array(tags.length)
  const unknown = new Uint32Array(tags.length)
  const turns = new Turns()
  const keep = (index: number, bit: number, isKnown: boolean) => {
    kept[index] = (kept[index] as number) | bit
    if (!isKnown) unknown[index] = (unknown[index] as number) | bit
  }
  for (const [index, tag] of tags.entries()) {
    if (protects(tag)) keep(index, PROTECTED, true)
    if (tag.manifest === undefined) keep(index, UNREAD, false)
    if (turns.isOver()) await turns.next()
  }
  for (const [position, compiled] of rules.entries()) {
    const bit = 1 << position
    const { rule, finds } = compiled
    if (rule.keep === 'last') {
      const { ranked, unranked } = await rank(tags, compiled)
      for (const index of ranked.slice(0, rule.count)) keep(index, bit, true)
      for (const index of unranked) keep(index, bit, false)
      continue
    }
    const since = rule.keep === 'newer' ? now - lengthOf(rule) : 0
    for (const [index, tag] of tags.entries()) {
      const isKept =
        rule.keep === 'newer' ? isSince(tag[rule.by], since) : rule.keep === 'signed' ? tag.signed : finds?.(tag)
      if (isKept !== false) keep(index, bit, isKept === true)
      if (turns.isOver()) await turns.next()
    }
  }
  return { kept, unknown }
}

function isSince(at: number | undefined, since: number): boolean | undefined {
  return at === undefined ? undefined : at > since
}

/**
 * The tags that a `last` rule counts, newest first, and those that it can't place.
 * @returns positions in `tags`
 */
export async function rank<Tag extends TagFacts>(
  tags: readonly Tag[],
  { rule, finds }: CompiledRule<Tag>,
): Promise<{ readonly ranked: readonly number[]; readonly unranked: readonly number[] }> {
  if (rule.keep !== 'last') return { ranked: [], unranked: [] }
  const { by } = rule
  const ranked: number[] = []
  const unranked: number[] = []
  const turns = new Turns()
  for (const [index, tag] of tags.entries()) {
    if (turns.isOver()) await turns.next()
    const isAmong = finds ? finds(tag) : true
    if (isAmong === false) continue
    // A tag that isn't a version has no place among versions, and isn't one of the newest.
    const isPlaced = by === 'version' ? tag.version !== undefined : tag[by] !== undefined
    if (isAmong && isPlaced) ranked.push(index)
    else if (!isAmong || by !== 'version') unranked.push(index)
  }
  const byName = (a: number, b: number) => ((tags[a] as Tag).name < (tags[b] as Tag).name ? -1 : 1)
  const version = (index: number) => (tags[index] as Tag).version ?? ''
  const time = (index: number) => (by === 'version' ? 0 : ((tags[index] as Tag)[by] ?? 0))
  const newestFirst =
    by === 'version'
      ? (a: number, b: number) => (version(a) > version(b) ? -1 : version(a) < version(b) ? 1 : byName(a, b))
      : (a: number, b: number) => time(b) - time(a) || byName(a, b)
  return { ranked: await sortInSlices(ranked, newestFirst), unranked }
}
