import type { Store } from '../../store/store.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import { evaluateTags, type Verdicts } from './evaluate-tags.ts'
import { keepPlatforms } from './keep-platforms.ts'
import type { CatalogTag, RepositoryTags } from './read-repository-tags.ts'

/** The tags of one repository that a policy is about, with its verdicts. */
export interface Decided {
  readonly tags: readonly CatalogTag[]
  readonly verdicts: Verdicts
  readonly rules: Awaited<ReturnType<CompiledPolicy['rulesFor']>>
  /** For an image that stays as an index does which lists it: a tag of that. */
  readonly platformOf: ReadonlyMap<number, string>
}

/** @throws StoreError */
export async function decideTags(
  store: Store,
  policy: CompiledPolicy,
  all: RepositoryTags,
  options: { readonly now: number; readonly protects: (tag: CatalogTag) => boolean },
): Promise<Decided> {
  const tags = all.tags.filter(({ name }) => policy.isAbout(all.repository, name))
  const rules = tags.length > 0 ? await policy.rulesFor({ ...all, tags }) : []
  const verdicts = await evaluateTags(tags, rules, options)
  return { tags, rules, verdicts, platformOf: await keepPlatforms(store, { tags, all: all.tags, verdicts }) }
}

/** Those that the policy would delete. */
export function goingOf({ tags, verdicts }: Decided): CatalogTag[] {
  return tags.filter((_, at) => verdicts.kept[at] === 0)
}
