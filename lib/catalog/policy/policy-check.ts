import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Policy } from '../../config/policy-file.ts'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import {
  imagesCondition,
  type Matching,
  type MatchingTag,
  matchingOf,
  matchingTags,
} from '../database/matching-tags.ts'
import { originalText } from '../database/stored-text.ts'
import { type ManifestFinding, manifestFindings } from './manifest-findings.ts'
import { type KeyNames, keyNames, type PolicyImage, policyImages } from './policy-images.ts'

/** A tag that a policy is about. */
export interface CheckedTag {
  readonly id: number
  readonly repository: number
  readonly tag: string
  readonly verdict: PolicyVerdict
}

/** A policy's verdict on a manifest, one object for all its tags. */
export interface PolicyVerdict {
  readonly digest: string
  /** Images that were judged; the others couldn't be read. */
  readonly checked: number
  readonly unread: number
  /** One list for all manifests that are alike in what the policy reads. */
  readonly findings: readonly ManifestFinding[]
}

type TagRow = MatchingTag<[id: number, repository: number, tag: string]>

/** Verdicts, lists of findings and values of labels that are kept, each. */
const KEPT = 20_000

/**
 * One policy, asked about some tags at a time. A manifest is read once, however many tags point at it, and images with
 * the same labels are judged once.
 */
export class PolicyCheck {
  readonly #store: Store
  readonly #policy: Policy
  readonly #matching: Matching
  readonly #keys: KeyNames
  /** By manifest, and its images where they are asked for. Undefined: the policy isn't about it. */
  readonly #verdicts = new Map<Name, PolicyVerdict | undefined>()
  readonly #findings = new Map<string, readonly ManifestFinding[]>()
  readonly #values = new Map<number, string>()

  private constructor(store: Store, policy: Policy, matching: Matching, keys: KeyNames) {
    this.#store = store
    this.#policy = policy
    this.#matching = matching
    this.#keys = keys
  }

  /** @param matching the policy's query, with its names as ids. @throws StoreError */
  static async of(store: Store, policy: Policy, matching: Matching): Promise<PolicyCheck> {
    return new PolicyCheck(store, policy, matching, await keyNames(store, keysOf(policy)))
  }

  /** Those of the tags that the policy is about, in no order. @param isMeant a condition on `t`. @throws StoreError */
  async tags(isMeant: RawBuilder<SqlBool>): Promise<readonly CheckedTag[]> {
    const columns = ['id', 'repository_id', 'name']
    const rows: TagRow[] = await matchingTags(this.#store, this.#matching, isMeant, columns)
    const verdicts = await this.#verdictsOn(new Map(rows.map((row) => [nameOf(row), row])))
    // Others have their turn between the steps, which take some milliseconds together.
    await nextTurn()
    const checked: CheckedTag[] = []
    for (const row of rows) {
      const [id, repository, tag] = row
      const verdict = verdicts.get(nameOf(row))
      if (verdict) checked.push({ id, repository, tag, verdict })
    }
    return checked
  }

  /** By what `nameOf` says. Several may be asked for at once: each keeps what it needs while it waits. */
  async #verdictsOn(asked: ReadonlyMap<Name, TagRow>): Promise<ReadonlyMap<Name, PolicyVerdict | undefined>> {
    const verdicts = new Map<Name, PolicyVerdict | undefined>()
    const unknown: (readonly [Name, TagRow])[] = []
    for (const [name, row] of asked)
      if (this.#verdicts.has(name)) verdicts.set(name, this.#verdicts.get(name))
      else unknown.push([name, row])
    const manifests = new Set(unknown.map(([, [, , , manifest]]) => manifest))
    const images = await policyImages(this.#store, [...manifests], {
      condition: imagesCondition(this.#store, this.#matching),
      keys: this.#keys,
    })
    await nextTurn()
    const values = await this.#valuesOf([...images.values()].flat())
    if (this.#verdicts.size > KEPT) this.#verdicts.clear()
    for (const [name, [, , , manifest, ids]] of unknown) {
      const meant = matchingOf(images.get(manifest) ?? [], ids)
      const verdict = meant[0] && this.#verdictOn(meant[0].digest, meant, values)
      verdicts.set(name, verdict)
      this.#verdicts.set(name, verdict)
    }
    return verdicts
  }

  #verdictOn(digest: string, meant: readonly PolicyImage[], values: ReadonlyMap<number, string>): PolicyVerdict {
    const read = meant.filter(({ isUnread }) => !isUnread)
    const findings = read.length > 0 ? this.#findingsOf(read, values) : []
    return { digest, checked: read.length, unread: meant.length - read.length, findings }
  }

  async #valuesOf(images: readonly PolicyImage[]): Promise<ReadonlyMap<number, string>> {
    const values = new Map<number, string>()
    const unknown: number[] = []
    for (const id of new Set(images.flatMap(({ labels }) => [...labels.values()]))) {
      const known = this.#values.get(id)
      if (known === undefined) unknown.push(id)
      else values.set(id, known)
    }
    if (unknown.length === 0) return values
    const rows = await readPacked<[id: number, value: string]>(
      this.#store,
      [sql.ref('id'), sql.ref('value')],
      sql`from label_value where ${this.#store.dialect.isOneOf(sql.ref('id'), unknown)}`,
    )
    if (this.#values.size > KEPT) this.#values.clear()
    for (const [id, stored] of rows) {
      const value = originalText(stored)
      values.set(id, value)
      this.#values.set(id, value)
    }
    return values
  }

  #findingsOf(images: readonly PolicyImage[], values: ReadonlyMap<number, string>): readonly ManifestFinding[] {
    const likeness = JSON.stringify(images.map((image) => this.#likenessOf(image)))
    const known = this.#findings.get(likeness)
    if (known) return known
    const read = images.map(({ labels, ...image }) => ({
      ...image,
      labels: new Map(Array.from(labels, ([key, id]) => [key, values.get(id) ?? ''])),
    }))
    const findings = manifestFindings(this.#policy, read, this.#matching.now)
    if (this.#findings.size > KEPT) this.#findings.clear()
    this.#findings.set(likeness, findings)
    return findings
  }

  /** What a judgement depends on: when an image was made matters only where it is too old. */
  #likenessOf({ platform, created, labels }: PolicyImage): readonly unknown[] {
    const { maxAge } = this.#policy
    const isOld = maxAge && created !== undefined && this.#matching.now - created > maxAge.milliseconds
    return [platform, isOld && created, ...Array.from(this.#keys.values(), (key) => labels.get(key))]
  }
}

/** Tags of one name have the same images. */
type Name = number | string

function nameOf([, , , manifest, images]: TagRow): Name {
  return images === null ? manifest : `${manifest} ${images}`
}

/** The keys that a policy reads. */
function keysOf({ labels, forbid, owner }: Policy): readonly string[] {
  return [...labels.map(({ key }) => key), ...forbid, ...(owner && 'label' in owner ? [owner.label] : [])]
}
