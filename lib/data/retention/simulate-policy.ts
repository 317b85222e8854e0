import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { ExplainedTag } from '../../catalog/retention/explanation.ts'
import { type Protects, type Simulation, simulate } from '../../catalog/retention/simulate.ts'
import { checkPatterns } from '../../filter/check-patterns.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { movingFirst } from '../../format/moving-tag.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import { theStore } from '../../store/the-store.ts'
import { knownRefusal } from '../changes/known-refusal.ts'
import { protectionRules } from '../protection/protection-of.ts'
import { compileProtection } from '../protection/protection-rule.ts'
import { openForServer } from '../registries/open.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { assertMaySeePolicies, findPolicy } from './policies.ts'
import { rulesInput } from './policy-input.ts'

const PAGE_SIZE = 20
/** Tags that aren't versions, those first that people move. */
const NAMED = 5

export const simulationInput = rulesInput.extend({
  /** The policy that this would replace. */
  id: z.uuid().optional(),
  explain: z.strictObject({
    /** Tags, or globs over them, between commas. */
    tags: z.string().trim().max(500),
    show: z.enum(['any', 'going', 'new']),
    /** From 1. */
    page: z.int().min(1).max(100_000),
  }),
})

export interface PolicySimulation extends Omit<Simulation, 'explained'> {
  readonly explained: readonly (ExplainedTag & { readonly digest?: string })[]
  readonly pageSize: number
  /** Registries that will probably refuse what it deletes there, each with why. */
  readonly refusals: readonly { readonly registry: string; readonly problem: Problem }[]
}

/**
 * What a policy would do, by what the catalog knows. Nothing is asked of a registry, and nothing is changed.
 * @throws AccessError, StoreError
 */
export async function simulatePolicy(
  actor: Actor,
  { id, scope, rules, explain }: z.output<typeof simulationInput>,
): Promise<PolicySimulation> {
  assertMaySeePolicies(actor)
  const saved = id && (await findPolicy(id))
  const { tags, show, page } = explain
  const options = {
    visibility: searchVisibility(actor),
    protects: await protectsAnywhere(),
    now: Date.now(),
    ...(saved && { saved }),
    explain: { matches: tagsLike(tags), show, offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE },
  }
  const registries = new Map<string, Place>()
  const simulation = await simulate(
    await theCatalogDatabase(),
    { scope, rules },
    {
      ...options,
      onGoing: ({ registry, name }) => registries.set(registry, { registry, repository: name }),
    },
  )
  const digests = await digestsOf(simulation.explained)
  const explained = simulation.explained.map((tag) => {
    const digest = digests(tag)
    return digest === undefined ? tag : { ...tag, digest }
  })
  const refusals = await Promise.all([...registries.values()].map((place) => refusalIn(actor, place)))
  const { unversioned } = simulation
  const names = movingFirst(unversioned.names).slice(0, NAMED)
  return {
    ...simulation,
    unversioned: { ...unversioned, names: names.map(({ tag }) => tag) },
    explained,
    pageSize: PAGE_SIZE,
    refusals: refusals.flat(),
  }
}

async function refusalIn(actor: Actor, place: Place): Promise<PolicySimulation['refusals']> {
  const opened = openForServer(place)
  const problem = opened && (await knownRefusal(actor, opened))
  return problem ? [{ registry: place.registry, problem }] : []
}

/** The rules of protection, read once. @throws StoreError, and then nothing may be planned */
export async function protectsAnywhere(): Promise<Protects> {
  const protectedBy = compileProtection(await protectionRules())
  return ({ registry, name }) => {
    const ruleOf = protectedBy({ registry, repository: name })
    return (tag) => ruleOf(parseTag(tag))?.name
  }
}

interface Evaluated {
  readonly manifest?: number
}

/** What tags pointed at when they were evaluated, wherever the catalog has seen them since. */
export async function digestsOf(tags: readonly Evaluated[]): Promise<(tag: Evaluated) => string | undefined> {
  const { read, dialect } = await theStore()
  const manifests = [...new Set(tags.flatMap(({ manifest }) => manifest ?? []))]
  const rows = await read
    .selectFrom('manifest')
    .select((eb) => ['id', dialect.digestText(eb.ref('digest')).as('digest')])
    .where((eb) => dialect.isOneOf(eb.ref('id'), manifests))
    .execute()
  const digests = new Map(rows.map(({ id, digest }) => [id, digest]))
  return ({ manifest }) => (manifest === undefined ? undefined : digests.get(manifest))
}

function tagsLike(typed: string): (tag: string) => boolean {
  const names = typed.split(/[\s,]+/).filter((name) => name !== '')
  if (names.length === 0) return () => true
  const { query, mistakes } = checkPatterns(parseQuery(`tag:${names.join(',')}`))
  if (mistakes.length > 0) return (tag) => names.includes(tag)
  const matches = compileQuery(query, 0)
  return (tag) => matches({ registry: '', repository: '', tag, has: {} }) === true
}
