import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { registryDecides } from '../../access/authorize.ts'
import { repositoryFacts } from '../../catalog/database/repository-facts.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { type PullCommand, type PullSource, pullCommands } from '../../format/pull-commands.ts'
import type { Place } from '../../oci/place.ts'
import { attempt } from '../../problem/attempt.ts'
import { configuredPolicies, repositoryFindings } from '../policy/policy-findings.ts'
import { ownerKeys, ownersByLead, type RepositoryOwners } from '../policy/repository-owners.ts'
import { openRepository } from './open.ts'

/** What a repository is, as the tag says that stands for it: its highest release, if it has one. */
export interface RepositoryHead {
  readonly images: number
  readonly bytes: number
  /** Not everything was read: there are at least that many images and bytes. */
  readonly isLowerBound: boolean
  /** Rules that its images break, and how many of the policies do so. Absent where no policies are configured. */
  readonly findings?: { readonly count: number; readonly policies: number; readonly isComplete: boolean }
  /** By the policies; empty where none says how they are found, or they aren't known. */
  readonly owners: RepositoryOwners
  readonly lead?: {
    readonly tag: string
    readonly description?: string
    readonly source?: string
    readonly licence?: string
    /** Its labels could not all be read. */
    readonly isUnread: boolean
    readonly pull?: PullCommand
  }
}

const KEYS = {
  description: ['org.opencontainers.image.description', 'org.label-schema.description'],
  source: ['org.opencontainers.image.source', 'org.label-schema.vcs-url'],
  licence: ['org.opencontainers.image.licenses', 'org.label-schema.license'],
} as const
/** The rest is on the image's page. */
const LIMIT = 300

/** Nothing of it is asked of the registry; undefined where nothing is known. @throws AccessError */
export async function readRepositoryHead(
  actor: Actor,
  place: Place,
  from: PullSource | undefined,
): Promise<RepositoryHead | undefined> {
  openRepository(actor, 'browse', place)
  if (registryDecides(actor, place.registry)) return undefined
  const keys = ownerKeys() ?? []
  const read = await attempt(
    async () => repositoryFacts((await theCatalogDatabase()).store, place, [...Object.values(KEYS).flat(), ...keys]),
    actor,
  )
  const facts = read.ok ? read.value : undefined
  if (!facts || facts.images === 0) return undefined
  const { images, bytes, lead, isPartlyUnread } = facts
  const findings = await findingsOf(actor, place, isPartlyUnread)
  const whole = {
    images,
    bytes,
    isLowerBound: isPartlyUnread,
    owners: lead ? ownersByLead(place, lead) : [],
    ...(findings && { findings }),
  }
  if (!lead) return whole
  const { tag, digest, type, labels, isUnread } = lead
  const text = (name: keyof typeof KEYS) => {
    const value = KEYS[name].map((key) => labels.get(key)?.trim()).find((each) => each)
    if (!value) return {}
    return { [name]: value.length > LIMIT ? `${value.slice(0, LIMIT)}…` : value }
  }
  const [pull] = from ? pullCommands({ from, repository: place.repository, selector: tag, digest, artifact: type }) : []
  return {
    ...whole,
    lead: { tag, isUnread, ...text('description'), ...text('source'), ...text('licence'), ...(pull && { pull }) },
  }
}

async function findingsOf(actor: Actor, place: Place, isPartlyUnread: boolean): Promise<RepositoryHead['findings']> {
  const policies = configuredPolicies()
  const read = policies && (await attempt(() => repositoryFindings(place, policies), actor))
  if (!read?.ok) return undefined
  const { findings, isComplete } = read.value
  const policiesBroken = new Set(findings.groups.map(({ policy }) => policy)).size
  return { count: findings.length, policies: policiesBroken, isComplete: isComplete && !isPartlyUnread }
}
