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
  readonly verdict: Verdict
}

/** A policy's verdict on a manifest, one object for all its tags. */
export interface Verdict {
  readonly digest: string
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
  readonly #verdicts = new Map<string, Verdict | undefined>()
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
    const tags = rows.map((row) => ({ row, name: nameOf(row) }))
    if (this.#verdicts.size > KEPT) this.#verdicts.clear()
    await this.#judge(new Map(tags.map(({ row, name }) => [name, row])))
    return tags.flatMap(({ row: [id, repository, tag], name }) => {
      const verdict = this.#verdicts.get(name)
      return verdict ? [{ id, repository, tag, verdict }] : []
    })
  }

  async #judge(asked: ReadonlyMap<string, TagRow>): Promise<void> {
    const unknown = [...asked].filter(([name]) => !this.#verdicts.has(name))
    const manifests = new Set(unknown.map(([, [, , , manifest]]) => manifest))
    const images = await policyImages(this.#store, [...manifests], {
      condition: imagesCondition(this.#store, this.#matching),
      keys: this.#keys,
    })
    await this.#readValues([...images.values()].flat())
    for (const [name, [, , , manifest, ids]] of unknown) {
      const meant = matchingOf(images.get(manifest) ?? [], ids)
      const [first] = meant
      this.#verdicts.set(name, first && { digest: first.digest, findings: this.#findingsOf(meant) })
    }
  }

  async #readValues(images: readonly PolicyImage[]): Promise<void> {
    if (this.#values.size > KEPT) this.#values.clear()
    const ids = new Set(images.flatMap(({ labels }) => [...labels.values()]))
    const unknown = [...ids].filter((id) => !this.#values.has(id))
    if (unknown.length === 0) return
    const rows = await readPacked<[id: number, value: string]>(
      this.#store,
      [sql.ref('id'), sql.ref('value')],
      sql`from label_value where ${this.#store.dialect.isOneOf(sql.ref('id'), unknown)}`,
    )
    for (const [id, value] of rows) this.#values.set(id, originalText(value))
  }

  #findingsOf(images: readonly PolicyImage[]): readonly ManifestFinding[] {
    const likeness = JSON.stringify(images.map((image) => this.#likenessOf(image)))
    const known = this.#findings.get(likeness)
    if (known) return known
    const read = images.map(({ labels, ...image }) => ({
      ...image,
      labels: new Map(Array.from(labels, ([key, id]) => [key, this.#values.get(id) ?? ''])),
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

function nameOf([, , , manifest, images]: TagRow): string {
  return images === null ? `${manifest}` : `${manifest} ${images}`
}

/** The keys that a policy reads. */
function keysOf({ labels, forbid, owner }: Policy): readonly string[] {
  return [...labels.map(({ key }) => key), ...forbid, ...(owner && 'label' in owner ? [owner.label] : [])]
}
