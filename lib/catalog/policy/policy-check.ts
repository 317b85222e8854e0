import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Policy } from '../../config/policy-file.ts'
import { termsOf } from '../../filter/query.ts'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import { asksTagsAlone, queryCondition, tagCondition } from '../database/query-condition.ts'
import type { Resolved } from '../database/resolve-query.ts'
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

type TagRow = [id: number, repository: number, tag: string, manifest: number, images: string | null]

interface Options {
  /** The policy's, with its names as ids. */
  readonly query: Resolved
  readonly now: number
}

/** Verdicts, lists of findings and values of labels that are kept, each. */
const KEPT = 20_000

/**
 * One policy, asked about some tags at a time. A manifest is read once, however many tags point at it, and images with
 * the same labels are judged once.
 */
export class PolicyCheck {
  readonly #store: Store
  readonly #policy: Policy
  readonly #options: Options
  readonly #keys: KeyNames
  /** By manifest, and its images where they are asked for. Undefined: the policy isn't about it. */
  readonly #verdicts = new Map<string, Verdict | undefined>()
  readonly #findings = new Map<string, readonly ManifestFinding[]>()
  readonly #values = new Map<number, string>()

  private constructor(store: Store, policy: Policy, options: Options, keys: KeyNames) {
    this.#store = store
    this.#policy = policy
    this.#options = options
    this.#keys = keys
  }

  /** @throws StoreError */
  static async of(store: Store, policy: Policy, options: Options): Promise<PolicyCheck> {
    return new PolicyCheck(store, policy, options, await keyNames(store, keysOf(policy)))
  }

  /** Those of the tags that the policy is about, in no order. @param isMeant a condition on `t`. @throws StoreError */
  async tags(isMeant: RawBuilder<SqlBool>): Promise<readonly CheckedTag[]> {
    const tags = (await this.#readTags(isMeant)).map((row) => ({ row, name: nameOf(row) }))
    if (this.#verdicts.size > KEPT) this.#verdicts.clear()
    await this.#judge(new Map(tags.map(({ row, name }) => [name, row])))
    return tags.flatMap(({ row: [id, repository, tag], name }) => {
      const verdict = this.#verdicts.get(name)
      return verdict ? [{ id, repository, tag, verdict }] : []
    })
  }

  /** With the images that the policy is about, where tags on one manifest may differ in that. */
  #readTags(isMeant: RawBuilder<SqlBool>): Promise<TagRow[]> {
    const { dialect } = this.#store
    const { query, now } = this.#options
    const columns = ['t.id', 't.repository_id', 't.name', 't.manifest_id'].map((column) => sql.ref(column))
    if (asksTagsAlone(query)) {
      const asksManifest = termsOf(this.#policy.query).some(({ field }) => field === 'has')
      return readPacked(
        this.#store,
        [...columns, sql`null`],
        sql`from tag t ${asksManifest ? sql`join manifest m on m.id = t.manifest_id` : sql``}
          where ${isMeant} and t.manifest_id is not null and ${tagCondition(query, { dialect, now })}`,
      )
    }
    const images = sql`(select ${dialect.packed([sql.ref('i.id')])} from image i
      where i.manifest_id = m.id and ${queryCondition(query, { dialect, now })})`
    return readPacked(
      this.#store,
      [...columns, images],
      sql`from tag t join manifest m on m.id = t.manifest_id where ${isMeant}`,
    )
  }

  async #judge(asked: ReadonlyMap<string, TagRow>): Promise<void> {
    const unknown = [...asked].filter(([name]) => !this.#verdicts.has(name))
    const images = await policyImages(this.#store, [...new Set(unknown.map(([, [, , , manifest]]) => manifest))], {
      condition: queryCondition(this.#options.query, {
        dialect: this.#store.dialect,
        now: this.#options.now,
        imagesOnly: true,
      }),
      keys: this.#keys,
    })
    await this.#readValues([...images.values()].flat())
    for (const [name, [, , , manifest, ids]] of unknown) {
      const all = images.get(manifest) ?? []
      const wanted = ids === null ? undefined : new Set<number>(JSON.parse(ids).flat())
      const meant = wanted ? all.filter(({ id }) => wanted.has(id)) : all
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
    const findings = manifestFindings(this.#policy, read, this.#options.now)
    if (this.#findings.size > KEPT) this.#findings.clear()
    this.#findings.set(likeness, findings)
    return findings
  }

  /** What a judgement depends on: when an image was made matters only where it is too old. */
  #likenessOf({ platform, created, labels }: PolicyImage): readonly unknown[] {
    const { maxAge } = this.#policy
    const isOld = maxAge && created !== undefined && this.#options.now - created > maxAge.milliseconds
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
