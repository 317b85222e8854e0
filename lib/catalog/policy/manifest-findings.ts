import type { Policy } from '../../config/policy-file.ts'
import { type Breach, type CheckedImage, checkImage } from './check-image.ts'

/** A rule that images of a manifest break, some or all. */
export interface ManifestFinding extends Breach {
  /** The owner according to the policy. Absent: the image doesn't state one. */
  readonly owner?: string
  /** Of the images that break it, where they have one; and how many of the images the policy is about. */
  readonly platforms: readonly string[]
  readonly broken: number
  readonly checked: number
}

export interface PlatformImage extends CheckedImage {
  readonly platform?: string
}

/** Everything in which the images of one manifest break a policy. The same breach on several platforms is one finding. */
export function manifestFindings(
  policy: Policy,
  images: readonly PlatformImage[],
  now: number,
): readonly ManifestFinding[] {
  const breaches = images.flatMap((image) => checkImage(policy, image, now).map((breach) => ({ breach, image })))
  const same = Map.groupBy(breaches, ({ breach: { kind, key, value } }) => JSON.stringify([kind, key, value]))
  const owner = ownerOf(policy, images)
  return [...same.values()].flatMap((some) =>
    some[0]
      ? {
          ...some[0].breach,
          ...(owner !== undefined && { owner }),
          platforms: some.flatMap(({ image: { platform } }) => platform ?? []),
          broken: some.length,
          checked: images.length,
        }
      : [],
  )
}

/** Whose an image is by a policy that is about it. Undefined: it doesn’t state one, or the policy has no rule for that. */
export function ownerOf({ owner }: Policy, images: readonly Pick<CheckedImage, 'labels'>[]): string | undefined {
  if (!owner) return undefined
  if ('name' in owner) return owner.name
  return images.map(({ labels }) => labels.get(owner.label)).find((value) => value !== undefined && value !== '')
}
