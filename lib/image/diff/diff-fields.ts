import type { ImageConfig } from '../../oci/config.ts'
import type { ImageSide } from './image-side.ts'

export type ChangeState = 'added' | 'removed' | 'changed' | 'same'

export interface NamedChange {
  readonly name: string
  /** Absent when only the other side has it. */
  readonly before?: string
  readonly after?: string
  readonly state: ChangeState
}

/** Numbers are counts or, for the health check's durations, nanoseconds. */
export type FieldValue = string | number | readonly string[]

export interface FieldChange {
  readonly name: FieldName
  readonly before?: FieldValue
  readonly after?: FieldValue
  readonly state: ChangeState
}

export type FieldName = keyof ReturnType<typeof fieldsOf>

/** Compares the single fields of two images in a fixed order; ports and volumes are sets. */
export function diffFields(a: ImageSide, b: ImageSide): FieldChange[] {
  const [before, after] = [fieldsOf(a), fieldsOf(b)]
  const names = Object.keys(before) as FieldName[]
  return names.flatMap((name) => {
    const change = compare(before[name], after[name])
    return change ? [{ name, ...change }] : []
  })
}

/** Compares two maps by key: the first's order, then what only the second has. */
export function diffNamed(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): NamedChange[] {
  const names = new Set([...a.keys(), ...b.keys()])
  return [...names].flatMap((name) => {
    const change = compare(a.get(name), b.get(name))
    return change ? [{ name, ...change }] : []
  })
}

function compare<T extends FieldValue>(before: T | undefined, after: T | undefined) {
  if (before === undefined) return after === undefined ? undefined : { after, state: 'added' as const }
  if (after === undefined) return { before, state: 'removed' as const }
  const same = before === after || (typeof before === 'object' && JSON.stringify(before) === JSON.stringify(after))
  return { before, after, state: same ? ('same' as const) : ('changed' as const) }
}

function fieldsOf({ manifest, config }: ImageSide) {
  const health = config?.healthcheck
  return {
    mediaType: field(manifest.mediaType),
    artifactType: field(manifest.artifactType),
    os: field(config?.os),
    osVersion: field(config?.osVersion),
    architecture: field(config?.architecture),
    variant: field(config?.variant),
    created: field(config?.created),
    author: field(config?.author),
    user: field(config?.user),
    entrypoint: field(config?.entrypoint),
    cmd: field(config?.cmd),
    workingDir: field(config?.workingDir),
    exposedPorts: setOf(config, 'exposedPorts'),
    volumes: setOf(config, 'volumes'),
    stopSignal: field(config?.stopSignal),
    shell: field(config?.shell),
    onBuild: field(config?.onBuild),
    healthcheck: field(health?.test),
    healthcheckInterval: field(health?.interval),
    healthcheckTimeout: field(health?.timeout),
    healthcheckStartPeriod: field(health?.startPeriod),
    healthcheckRetries: field(health?.retries),
  }
}

/** Empty values count as absent: builders write `""`, `[]` and nothing for the same thing. */
function field(value: FieldValue | undefined): FieldValue | undefined {
  return value === '' || (Array.isArray(value) && value.length === 0) ? undefined : value
}

function setOf(config: ImageConfig | undefined, name: 'exposedPorts' | 'volumes'): FieldValue | undefined {
  return field(config && [...new Set(config[name])].sort())
}
