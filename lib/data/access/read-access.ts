import 'server-only'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { allows, holdsRight } from '../../access/authorize.ts'
import { grantText } from '../../access/describe-rights.ts'
import { type Explanation, explainRight } from '../../access/explain-right.ts'
import { RIGHTS, type Right, type Verb } from '../../access/rights.ts'
import { accountNames } from '../../access/sign-in/accounts.ts'
import { config } from '../../config/config.ts'
import { type Grant, ROLES, type Role } from '../../config/grant.ts'
import { matchesGlob } from '../../filter/glob.ts'
import type { Place } from '../../oci/place.ts'
import { isRepositoryName, isTag } from '../../oci/reference.ts'
import { protectionRules } from '../protection/protection-of.ts'
import { type Binding, bindingOf } from '../protection/protection-rule.ts'
import { visibleRegistries } from '../registries/registries.ts'
import { subjectNamed, subjectOf } from './subject.ts'

/** A right's display name, in the order of the page. */
const NAMES: readonly (readonly [verb: Verb, name: string])[] = [
  ['browse', 'Browse and search'],
  ['export', 'Export and download'],
  ['audit', 'Read the audit log'],
  ['create-tag', 'Create tags'],
  ['load', 'Load archives'],
  ['edit-labels', 'Edit added labels'],
  ['overwrite-tag', 'Overwrite tags'],
  ['delete', 'Delete tags and images'],
  ['restore', 'Restore'],
  ['manage', 'Set rules and policies'],
]

export interface RightRow {
  readonly verb: Verb
  readonly name: string
  /** For the requested repository; absent without one. */
  readonly here?: { readonly allowed: boolean; readonly why: string }
  /** What each role includes: everything, what its grant names separately, or nothing. */
  readonly roles: Readonly<Record<Role, 'yes' | 'separate' | 'no'>>
}

export interface GrantRow {
  readonly text: string
  /** The group that grants it; absent for a grant to the user. */
  readonly group?: string
  /** Whether it covers the requested repository. */
  readonly covers: boolean
}

export interface AccessView {
  /** Absent for anonymous visitors. */
  readonly name?: string
  readonly kind: 'user' | 'group' | 'visitor'
  readonly isSelf: boolean
  readonly isKnown: boolean
  readonly role: Role | 'none'
  readonly groups: readonly string[]
  readonly grants: readonly GrantRow[]
  readonly rights: readonly RightRow[]
  readonly protection: readonly {
    readonly name: string
    /** Only for users with the right to manage rules: a rule may name other repositories. */
    readonly query?: string
    readonly binds: Exclude<Binding, 'no'>
  }[]
  readonly isReadOnly: boolean
  /** Why there is no answer for a repository. */
  readonly mistake?: string
  /** What can be chosen. */
  readonly registries: readonly string[]
  /** Users and `group:…`, for admins, who may look up others; absent for everyone else. */
  readonly subjects?: readonly string[]
}

export interface AccessQuery {
  readonly who: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
}

/** Entries that the field for a user or group suggests. */
const MOST_SUGGESTED = 300

/**
 * A user's rights, and which rule grants each. Everyone may ask about themselves, admins about anyone. Derived from the
 * rules alone, so it doesn't reveal which repositories exist. @throws StoreError
 */
export async function readAccess(actor: Actor, query: AccessQuery): Promise<AccessView> {
  const mayAskAboutAll = holdsRight(actor, 'manage', {})
  const own = usernameOf(actor) ?? ''
  const isSelf = !mayAskAboutAll || query.who.trim() === '' || query.who.trim() === own
  const subject = isSelf ? subjectOf(actor) : await subjectNamed(config(), query.who)
  const { role, grants } = subject.actor
  const { place, mistake } = placeOf(query)
  const registries = visibleRegistries(actor).map(({ name }) => name)
  return {
    ...(subject.name !== '' && { name: subject.name }),
    kind: subject.kind,
    isSelf,
    isKnown: subject.isKnown,
    role,
    groups: subject.actor.kind === 'user' ? subject.actor.groups : [],
    grants: grants.map((grant) => grantRow(grant, place)),
    rights: NAMES.map(([verb, name]) => ({
      verb,
      name,
      ...(place && { here: here(explainRight(subject.actor, verb, place)) }),
      roles: rolesOf(RIGHTS[verb]),
    })),
    // Where they see nothing, the names of rules would say something.
    protection: place && allows(actor, 'browse', place) ? await protectionAt(place, mayAskAboutAll) : [],
    isReadOnly: actor.readOnly,
    ...(mistake && { mistake }),
    registries,
    ...(mayAskAboutAll && { subjects: await suggestions() }),
  }
}

function placeOf({ registry, repository, tag }: AccessQuery) {
  const name = repository.trim()
  if (name === '') return {}
  if (!isRepositoryName(name))
    return { mistake: 'That isn’t a valid repository name. Expected something like team-a/app.' }
  if (tag.trim() !== '' && !isTag(tag.trim())) return { mistake: 'That isn’t a valid tag.' }
  const named = registry || config().registries[0]?.name
  if (named === undefined) return { mistake: 'There are no registries.' }
  return {
    place: { registry: named, repository: name, ...(isTag(tag.trim()) && { tag: tag.trim() }) },
  }
}

function grantRow(grant: Grant, place: Place | undefined): GrantRow {
  return {
    text: grantText(grant),
    ...('group' in grant.subject && { group: grant.subject.group }),
    covers: place !== undefined && coversPlace(grant, place),
  }
}

function coversPlace(grant: Grant, { registry, repository }: Place): boolean {
  return matchesGlob(grant.registry, registry) && matchesGlob(grant.repository, repository)
}

function rolesOf(right: Right): RightRow['roles'] {
  const of = (role: Role) => {
    if (!right.roles.includes(role)) return 'no'
    return right.separate !== undefined && role !== 'admin' ? 'separate' : 'yes'
  }
  return Object.fromEntries(ROLES.map((role) => [role, of(role)])) as RightRow['roles']
}

function here(found: Explanation): NonNullable<RightRow['here']> {
  if (found.allowed) return { allowed: true, why: whyAllowed(found.by) }
  return { allowed: false, why: whyNot(found.because) }
}

function whyAllowed(by: Extract<Explanation, { allowed: true }>['by']): string {
  if ('registry' in by) return `as far as ${by.registry} allows it to this account`
  return 'role' in by ? `${by.role} everywhere` : throughGroup(by.grant)
}

function whyNot(because: Extract<Explanation, { allowed: false }>['because']): string {
  switch (because.kind) {
    case 'read-only':
      return 'Lading is read-only'
    case 'token':
      return 'the access token isn’t for this'
    case 'separate': {
      const holder = because.grant ? throughGroup(because.grant) : `${because.role} everywhere`
      return `${holder}, without the right to ${because.right}`
    }
    case 'role':
      return `${because.grant ? throughGroup(because.grant) : `${because.role} everywhere`} doesn’t include it`
    case 'account':
      return 'not for people who sign in with their own account of the registry'
    case 'nothing':
      return 'no role, and no grant covers this repository'
  }
}

function throughGroup(grant: Grant): string {
  return 'group' in grant.subject ? `${grantText(grant)}, through the group ${grant.subject.group}` : grantText(grant)
}

async function protectionAt(
  place: Place & { readonly tag?: string },
  isManager: boolean,
): Promise<AccessView['protection']> {
  return (await protectionRules()).flatMap((rule) => {
    const binds = bindingOf(rule, place)
    return binds === 'no' ? [] : [{ name: rule.name, ...(isManager && { query: rule.query }), binds }]
  })
}

async function suggestions(): Promise<string[]> {
  const { users, grants, oidc } = config()
  const accounts = oidc ? await accountNames(oidc.issuer, MOST_SUGGESTED).catch(() => []) : []
  const groups = new Set([
    ...users.flatMap((user) => user.groups),
    ...grants.flatMap(({ subject }) => ('group' in subject ? [subject.group] : [])),
  ])
  const named = grants.flatMap(({ subject }) => ('user' in subject ? [subject.user] : []))
  const names = new Set([...users.map(({ username }) => username), ...named, ...accounts])
  return [...[...names].sort(), ...[...groups].sort().map((group) => `group:${group}`)].slice(0, MOST_SUGGESTED)
}
