import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { explainPolicies, fixOf, ownersOf, type PolicyExplanation } from '../../catalog/policy/explain-policies.ts'
import type { Policy } from '../../config/policy-file.ts'
import type { ImageFacts } from '../../filter/evaluate-query.ts'
import { imageTypeOf } from '../../filter/image-type.ts'
import { labelKeysOf } from '../../filter/query.ts'
import { isTag } from '../../oci/reference.ts'
import type { AddedLabel } from '../labels/added-labels.ts'
import type { DescriptorView, ManifestView } from '../manifest/manifest-view.ts'
import type { ManifestPage } from '../manifest/read-manifest.ts'
import { configuredPolicies } from './policy-findings.ts'
import { seesAllPolicies } from './sees-all-policies.ts'

export interface ImageExplanation {
  readonly policies: readonly PolicyExplanation[]
  /** Whether any policy applies; unknown where what a query needs isn't known here. */
  readonly applies: PolicyExplanation['applies']
  /** Rules that are broken, over all policies. */
  readonly findings: number
  /** Whose it is by each policy that says how that is found, none twice. */
  readonly owners: ReturnType<typeof ownersOf>
  /** Instructions for the next build. */
  readonly fix?: string
  /** Platforms that could not be read, or whose config couldn't, and so not be checked; or on other pages of the table. */
  readonly unchecked: number
}

/** The policies' verdict on the image of a page. Undefined if no policies are configured. */
export function explainImage(
  actor: Actor,
  page: ManifestPage,
  selector: string,
  added: readonly AddedLabel[] = [],
  now = Date.now(),
): ImageExplanation | undefined {
  const policies = configuredPolicies()
  if (!policies) return undefined
  const { manifest, children } = page
  const read = children.items.flatMap(({ descriptor, child }) =>
    child.ok ? [{ descriptor, manifest: child.value }] : [],
  )
  const isIndex = children.total > 0
  // An image may have 100,000 labels, of which the policies ask for a few.
  const wanted = new Set(policies.flatMap(keysOf))
  const images = (isIndex ? read : [{ descriptor: undefined, manifest }]).map(({ descriptor, manifest: image }) => {
    const all = labelsOf(image, descriptor, isIndex ? manifest : undefined).filter(({ key }) => wanted.has(key))
    const labels = new Map<string, string>()
    for (const { key, value } of all) if (!labels.has(key)) labels.set(key, value)
    const created = image.created === undefined ? Number.NaN : Date.parse(image.created)
    const own = added.filter(({ digest }) => digest === manifest.digest || digest === image.digest)
    const platform = descriptor?.platform ?? image.config?.platform
    return {
      labels,
      ...(created > 0 && { created }),
      ...(platform && { platform }),
      isUnread: image.configProblem !== undefined,
      facts: factsOf(page, selector, image, [...all, ...own], { platform, created }),
    }
  })
  const explained = explainPolicies(policies, images, now)
  const isAll = seesAllPolicies(actor)
  const fix = fixOf(policies, explained)
  return {
    policies: explained.filter(({ applies }) => applies !== 'no' || isAll),
    applies: (['yes', 'unknown'] as const).find((each) => explained.some(({ applies }) => applies === each)) ?? 'no',
    findings: explained.reduce((sum, { broken }) => sum + broken, 0),
    owners: ownersOf(explained),
    unchecked: (isIndex ? children.total - read.length : 0) + images.filter(({ isUnread }) => isUnread).length,
    ...(fix !== undefined && { fix }),
  }
}

function keysOf({ query, labels, forbid, owner }: Policy): string[] {
  const asked = labelKeysOf(query)
  const owners = owner && 'label' in owner ? [owner.label] : []
  return [...asked, ...labels.map(({ key }) => key), ...forbid, ...owners]
}

interface KeyValue {
  readonly key: string
  readonly value: string
}

/** The effective label comes first: the image's own, then its index's for this image, then for all. */
function labelsOf(
  image: ManifestView,
  descriptor: DescriptorView | undefined,
  index: ManifestView | undefined,
): readonly KeyValue[] {
  const pairs = (annotations: DescriptorView['annotations'] = []) => annotations.map(([key, value]) => ({ key, value }))
  return [...image.labels, ...pairs(descriptor?.annotations), ...pairs(index?.annotations)]
}

function factsOf(
  { registry, repository, manifest }: ManifestPage,
  selector: string,
  image: ManifestView,
  labels: readonly KeyValue[],
  { platform, created }: { platform: string | undefined; created: number },
): ImageFacts {
  const blobs = [image.configDescriptor?.digest, ...image.steps.map(({ layer }) => layer?.digest)]
  const digests = [manifest.digest, image.digest, ...blobs].flatMap((digest) => digest?.replace(/^[^:]*:/, '') ?? [])
  const byKey = Map.groupBy(labels, ({ key }) => key)
  return {
    registry,
    repository,
    ...(isTag(selector) && { tag: selector }),
    type: imageTypeOf(manifest.artifact.kind),
    ...(platform && { platform }),
    labels: new Map(Array.from(byKey, ([key, some]) => [key, some.map(({ value }) => value)])),
    has: {},
    digests,
    ...(created > 0 && { created }),
    ...(image.size !== undefined && { size: image.size }),
    layers: image.steps.filter(({ layer }) => layer).length,
  }
}
