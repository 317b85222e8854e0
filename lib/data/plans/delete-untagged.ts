import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { ProtectedError } from '../../access/protected-error.ts'
import { deleteWatchedImage } from '../../image/delete/delete-watched.ts'
import type { TagWatch } from '../../image/delete/tag-watch.ts'
import { digestAt } from '../../image/graph/digest-at.ts'
import { readIfPresent } from '../../image/graph/scan-tags.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { change } from '../changes/change.ts'
import { failedItem } from './failed-item.ts'
import { wholeRule } from './make-untagged-plan.ts'
import type { Plan, PlanItem } from './plan.ts'
import type { ItemResult } from './record-outcome.ts'
import { listedIn } from './untagged-images.ts'

/** Deletes the images without a tag that a plan names. Each is looked at once more, with what keeps it. */
export class UntaggedDeletion {
  readonly #plan: Plan
  readonly #repository: Repository
  readonly #watch: TagWatch
  /** Untagged indexes of the plan that list a manifest. */
  readonly #indexes = new Map<Digest, Digest[]>()
  /** Deletions under way, and those that have ended. */
  readonly #ended = new Map<Digest, Promise<unknown>>()

  constructor(plan: Plan, repository: Repository, watch: TagWatch) {
    this.#plan = plan
    this.#repository = repository
    this.#watch = watch
  }

  /** @param items all of the plan, also those that stay */
  async prepare(items: readonly PlanItem[]): Promise<void> {
    for (const { digest, holds } of items) {
      if (!digest || holds.platforms === 0) continue
      const index = parseDigest(digest)
      const manifest = await readIfPresent(this.#repository, index)
      for (const child of manifest ? listedIn(manifest) : [])
        this.#indexes.set(child, [...(this.#indexes.get(child) ?? []), index])
    }
  }

  /** @throws AccessError */
  delete(actor: Actor, item: PlanItem): Promise<ItemResult> {
    const digest = parseDigest(item.digest)
    const result = this.#delete(actor, digest)
    this.#ended.set(digest, result)
    return result
  }

  async #delete(actor: Actor, digest: Digest): Promise<ItemResult> {
    const { id, registry, repository } = this.#plan
    const target = { registry, repository, plan: id, tags: [], audit: { before: digest } }
    try {
      const rule = await wholeRule(target)
      if (rule !== undefined) throw new ProtectedError(digest, rule, false)
      const { undo } = await change(actor, 'delete', target, async ({ repository: opened, keep }) => {
        await this.#assertUnneeded(opened, digest)
        await deleteWatchedImage(opened, this.#watch, { digest, tags: [] }, (manifest, tags) =>
          keep.image(opened, manifest, tags),
        )
      })
      return { outcome: 'deleted', removed: [], undo: undo ? [undo] : [] }
    } catch (error) {
      return failedItem(error)
    }
  }

  /** @throws RegistryError `conflict` */
  async #assertUnneeded(repository: Repository, digest: Digest): Promise<void> {
    const needed = (why: string) =>
      new RegistryError('conflict', why, { host: repository.registry.location, repository: repository.name })
    const { subject } = await repository.manifest(digest)
    const above = [...(this.#indexes.get(digest) ?? []), ...(subject ? [subject.digest] : [])]
    for (const one of above) {
      // Those of the plan have begun before.
      await this.#ended.get(one)?.catch(() => undefined)
      if (await digestAt(repository, one))
        throw needed(
          one === subject?.digest ? `it refers to ${one}, which is there` : `it is part of ${one}, which is there`,
        )
    }
    for await (const referrer of repository.referrers(digest)) {
      const [tag] = this.#watch.tagsOn(referrer.digest)
      if (tag) throw needed(`${tag} refers to it`)
    }
  }
}
