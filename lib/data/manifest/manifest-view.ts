import { formatDuration } from '../../format/time.ts'
import { isChart } from '../../image/chart/read-chart.ts'
import type { Image } from '../../image/inspect/image.ts'
import { type ImageSizes, imageSizes } from '../../image/inspect/image-sizes.ts'
import { type ArtifactDescription, describeArtifact } from '../../oci/artifact.ts'
import { createdOf } from '../../oci/created.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { buildSteps } from '../../oci/history.ts'
import { blobsOf } from '../../oci/index-entries.ts'
import { type Label, labelsOf } from '../../oci/labels.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { legacyImageIds } from '../../oci/schema1/legacy-image-ids.ts'
import { type Schema1Verification, verifySchema1 } from '../../oci/schema1/verify-schema1.ts'
import { schema1Layers } from '../../oci/successors.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'

/** A descriptor as a page shows it. */
export interface DescriptorView {
  readonly digest: string
  readonly mediaType: string
  /** Absent if the document doesn't state it (schema 1). */
  readonly size?: number
  readonly platform?: string
  readonly artifactType?: string
  readonly annotations: readonly (readonly [key: string, value: string])[]
  /** Download URLs of a foreign layer: shown as text, never fetched. */
  readonly urls: readonly string[]
}

export interface StepView {
  readonly createdBy?: string
  readonly created?: string
  readonly comment?: string
  /** The id that schema 1 records for it: 64 hexadecimal digits. */
  readonly v1Id?: string
  /** Which step made which layer is a guess. */
  readonly isGuess?: true
  readonly layer?: DescriptorView & { readonly index: number; readonly diffId?: string }
}

export interface ConfigView {
  readonly created?: string
  readonly author?: string
  readonly platform: string
  readonly osVersion?: string
  readonly user?: string
  readonly workingDir?: string
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly shell?: readonly string[]
  readonly stopSignal?: string
  readonly healthcheck?: string
  readonly exposedPorts: readonly string[]
  readonly volumes: readonly string[]
  readonly onBuild: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
}

/** One manifest, whatever its kind, as plain values. */
export interface ManifestView {
  readonly digest: string
  readonly mediaType: string
  readonly kind: Manifest['kind']
  readonly artifact: ArtifactDescription
  /** It can be read as a Helm chart. */
  readonly isChart: boolean
  /** Bytes of the document. */
  readonly bytes: number
  /** Compressed bytes that a pull transfers; absent if the document doesn't state them. */
  readonly size?: number
  /** The same, counting each layer as often as the image uses it; absent if no layer is used twice. */
  readonly sizeWithRepeats?: number
  readonly config?: ConfigView
  /** When it was made: as the config says, else its annotation. */
  readonly created?: string
  /** The image ID in container engines: the digest of the config; for schema 1, the v1 id of the leaf. */
  readonly imageId?: string
  readonly configDescriptor?: DescriptorView
  readonly configProblem?: Problem
  readonly labels: readonly Label[]
  readonly annotations: readonly (readonly [key: string, value: string])[]
  /** Build steps of an image, base → leaf; for an artifact its blobs. */
  readonly steps: readonly StepView[]
  readonly subject?: DescriptorView
  /** Of a schema 1 document: a verdict for each of its signatures. */
  readonly signatures?: Schema1Verification
}

/** @param sizes as measured; default: from the document */
export function manifestView(
  { manifest, config, configError }: Image,
  sizes: ImageSizes | undefined = imageSizes(manifest),
): ManifestView {
  const artifact = describeArtifact(manifest)
  const { distinct: size, each } = sizes ?? {}
  const said = stepsOf(manifest, config)
  // Schema 1 states no sizes: they were measured.
  const steps = manifest.kind === 'schema1' ? said.map((step) => withSize(step, sizes)) : said
  const created = createdOf(manifest, config)
  const imageId = config && ('config' in manifest ? manifest.config.digest : steps.at(-1)?.v1Id)
  return {
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    kind: manifest.kind,
    artifact,
    isChart: isChart(manifest),
    bytes: manifest.size,
    ...(size !== undefined && { size }),
    ...(each !== undefined && each !== size && { sizeWithRepeats: each }),
    ...(config && { config: configView(config) }),
    ...(created && { created }),
    ...(imageId && { imageId }),
    ...('config' in manifest && { configDescriptor: descriptorView(manifest.config) }),
    ...(configError && { configProblem: problemOf(configError) }),
    labels: labelsOf(manifest, config),
    annotations: [...manifest.annotations],
    steps,
    ...(manifest.subject && { subject: descriptorView(manifest.subject) }),
    ...(manifest.kind === 'schema1' && { signatures: verifySchema1(manifest.bytes) }),
  }
}

export function descriptorView(descriptor: Descriptor): DescriptorView {
  const { digest, mediaType, size, platform, artifactType, annotations, urls } = descriptor
  return {
    digest,
    mediaType,
    ...(size >= 0 && { size }),
    ...(platform && { platform: formatPlatform(platform) }),
    ...(artifactType && { artifactType }),
    annotations: [...(annotations ?? [])],
    urls: urls ?? [],
  }
}

function stepsOf(manifest: Manifest, config: Image['config']): StepView[] {
  if (manifest.kind === 'oci-artifact' || manifest.kind === 'index')
    return blobsOf(manifest).map((blob, index) => ({ layer: { index, ...descriptorView(blob) } }))
  if (manifest.kind === 'schema1' && !config)
    return schema1Layers(manifest.document).map((layer, index) => ({ layer: { index, ...descriptorView(layer) } }))
  const v1Ids = manifest.kind === 'schema1' ? legacyImageIds(manifest) : undefined
  const steps = buildSteps(manifest, config).map(({ layer, ...step }) =>
    layer
      ? {
          ...step,
          layer: {
            index: layer.index,
            ...descriptorView(layer.descriptor),
            ...(layer.diffId && { diffId: layer.diffId }),
          },
        }
      : step,
  )
  return v1Ids ? steps.map((step, index) => ({ ...step, ...withV1Id(v1Ids[index]) })) : steps
}

function withV1Id(id: string | undefined): Pick<StepView, 'v1Id'> {
  return id && /^[0-9a-f]{64}$/.test(id) ? { v1Id: id } : {}
}

function withSize(step: StepView, sizes: ImageSizes | undefined): StepView {
  const size = step.layer && sizes?.layers[step.layer.index]?.size
  return step.layer && size !== undefined ? { ...step, layer: { ...step.layer, size } } : step
}

function configView(config: NonNullable<Image['config']>): ConfigView {
  const { created, author, osVersion, user, workingDir, entrypoint, cmd, shell, stopSignal, healthcheck } = config
  return {
    ...(created && { created }),
    ...(author && { author }),
    platform: formatPlatform(config),
    ...(osVersion && { osVersion }),
    ...(user && { user }),
    ...(workingDir && { workingDir }),
    ...(entrypoint && { entrypoint }),
    ...(cmd && { cmd }),
    ...(shell && { shell }),
    ...(stopSignal && { stopSignal }),
    ...(healthcheck && { healthcheck: healthcheckText(healthcheck) }),
    exposedPorts: config.exposedPorts,
    volumes: config.volumes,
    onBuild: config.onBuild,
    env: config.env.map((entry) => {
      const equals = entry.indexOf('=')
      return equals < 0 ? { name: entry, value: '' } : { name: entry.slice(0, equals), value: entry.slice(equals + 1) }
    }),
  }
}

function healthcheckText({
  test,
  interval,
  timeout,
  retries,
}: NonNullable<NonNullable<Image['config']>['healthcheck']>): string {
  const text = (nanoseconds: number) => formatDuration(nanoseconds / 1e6)
  const terms = [
    interval && `every ${text(interval)}`,
    timeout && `within ${text(timeout)}`,
    retries && `${retries} tries`,
  ].filter(Boolean)
  return `${test.join(' ')}${terms.length > 0 ? ` (${terms.join(', ')})` : ''}`
}
