import { MEDIA_TYPE } from '../../../oci/media-type.ts'
import type { SampleDescriptor, SampleLayer, SampleLayout } from './sample-layout.ts'

export const SAMPLE = 'dev.lading.sample'

/** One line of a Dockerfile: with a layer, or only a change to the configuration. */
export type SampleStep = readonly [createdBy: string, layer?: SampleLayer]

export interface SampleImage {
  readonly platform: SamplePlatform
  readonly created: string
  readonly steps: readonly SampleStep[]
  /** As in a configuration: `Env`, `Cmd`, `Labels`, … */
  readonly config: Readonly<Record<string, unknown>>
  readonly annotations?: Readonly<Record<string, string>>
  /** Docker's media types instead of OCI's. */
  readonly docker?: boolean
}

export interface SamplePlatform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

export const AMD64: SamplePlatform = { os: 'linux', architecture: 'amd64' }
export const ARM64: SamplePlatform = { os: 'linux', architecture: 'arm64', variant: 'v8' }
export const ARMV7: SamplePlatform = { os: 'linux', architecture: 'arm', variant: 'v7' }

/** Writes an image's configuration and manifest; its layers are there already. */
export function addImage(layout: SampleLayout, image: SampleImage): SampleDescriptor {
  const { platform, created, steps, config, annotations, docker = false } = image
  const layers = steps.flatMap(([, layer]) => layer ?? [])
  const configured = layout.json(docker ? MEDIA_TYPE.dockerConfig : MEDIA_TYPE.ociConfig, {
    created,
    author: 'Lading samples',
    ...platform,
    config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: steps.map(([createdBy, layer], position) => ({
      created: new Date(Date.parse(created) - (steps.length - position) * 9000).toISOString(),
      created_by: createdBy,
      comment: 'buildkit.dockerfile.v0',
      ...(!layer && { empty_layer: true }),
    })),
  })
  const mediaType = docker ? MEDIA_TYPE.dockerManifest : MEDIA_TYPE.ociManifest
  return layout.json(mediaType, {
    schemaVersion: 2,
    mediaType,
    config: configured,
    layers: layers.map(({ diffId: _, ...layer }) => layer),
    ...(annotations && { annotations }),
  })
}

export function addIndex(
  layout: SampleLayout,
  children: readonly SampleDescriptor[],
  annotations: Readonly<Record<string, string>>,
): SampleDescriptor {
  const mediaType = MEDIA_TYPE.ociIndex
  return layout.json(mediaType, { schemaVersion: 2, mediaType, manifests: children, annotations })
}

export interface SampleArtifact {
  readonly artifactType?: string
  readonly config?: SampleDescriptor
  readonly layers: readonly SampleDescriptor[]
  readonly subject?: SampleDescriptor
  readonly annotations?: Readonly<Record<string, string>>
}

/** An artifact in an image manifest (image-spec, manifest.md, "Guidelines for Artifact Usage"). */
export function addArtifact(layout: SampleLayout, artifact: SampleArtifact): SampleDescriptor {
  const { artifactType, config, layers, subject, annotations } = artifact
  const mediaType = MEDIA_TYPE.ociManifest
  return layout.json(mediaType, {
    schemaVersion: 2,
    mediaType,
    ...(artifactType && { artifactType }),
    config: config ?? layout.json(MEDIA_TYPE.ociEmpty, {}),
    layers,
    ...(subject && { subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size } }),
    annotations: { [SAMPLE]: 'true', ...annotations },
  })
}

/** BuildKit's attestation child: in-toto statements about the image manifest beside it. */
export function addAttestation(
  layout: SampleLayout,
  subject: SampleDescriptor,
  predicates: Readonly<Record<string, unknown>>,
): SampleDescriptor {
  const layers = Object.entries(predicates).map(([predicateType, predicate]) => ({
    ...layout.json(MEDIA_TYPE.inToto, {
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType,
      subject: [{ name: '_', digest: { sha256: subject.digest.slice('sha256:'.length) } }],
      predicate,
    }),
    annotations: { 'in-toto.io/predicate-type': predicateType },
  }))
  const config = layout.json(MEDIA_TYPE.ociConfig, {
    architecture: 'unknown',
    os: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
  })
  const mediaType = MEDIA_TYPE.ociManifest
  return {
    ...layout.json(mediaType, { schemaVersion: 2, mediaType, config, layers }),
    annotations: {
      'vnd.docker.reference.digest': subject.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
    platform: { architecture: 'unknown', os: 'unknown' },
  }
}
