import { isRecord, nullAsText } from './descriptor.ts'
import { type Digest, isDigest } from './digest.ts'
import { fieldNames, refuseLookalikes } from './field-names.ts'
import { FormatError } from './format-error.ts'
import { deepFreeze } from './freeze.ts'
import { parseJson } from './json.ts'
import type { Platform } from './platform.ts'
import { recordedTime } from './recorded-time.ts'
import type { Schema1Document } from './schema1/schema1.ts'
import { parseWideJson } from './wide-json.ts'

/** What an image runs and how it came to be (image-spec, config.md). A frozen view; texts are as the document has them. */
export interface ImageConfig {
  /** RFC 3339, as written by the builder: often 1970 or another fixed time. Absent for Go's zero time. */
  readonly created?: string
  readonly author?: string
  /** `unknown` where the document does not say. */
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly osVersion?: string
  readonly user?: string
  /** `NAME=value`, in order. */
  readonly env: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly workingDir?: string
  /** `8080/tcp` */
  readonly exposedPorts: readonly string[]
  readonly volumes: readonly string[]
  readonly stopSignal?: string
  readonly healthcheck?: Healthcheck
  readonly onBuild: readonly string[]
  readonly shell?: readonly string[]
  readonly labels: ReadonlyMap<string, string>
  /** Labels that the document has as numbers or booleans, which the specification forbids and Docker refuses. */
  readonly labelTypes?: ReadonlyMap<string, 'number' | 'boolean'>
  /** Digests of the uncompressed layers, base → leaf. Empty for schema 1, which does not record them. */
  readonly diffIds: readonly Digest[]
  /** Base → leaf. */
  readonly history: readonly BuildHistoryEntry[]
}

/** Docker's extension to the configuration. Durations are nanoseconds. */
export interface Healthcheck {
  readonly test: readonly string[]
  readonly interval?: number
  readonly timeout?: number
  readonly startPeriod?: number
  readonly retries?: number
}

export interface BuildHistoryEntry {
  readonly created?: string
  readonly createdBy?: string
  readonly author?: string
  readonly comment?: string
  /** The step changed only the configuration and made no layer. */
  readonly emptyLayer: boolean
}

/**
 * Reads an image configuration. Fields that are missing, `null` or of another type are left out rather than refused,
 * since builders differ and an image that runs must also be shown.
 * @throws FormatError `json`, or `config` when the document is not an object or tools would read it in another way
 */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const { document, fields } = parseWideJson(bytes, ['config', 'Labels'])
  if (!isRecord(document)) throw new FormatError('config', document, 'a JSON object')
  const rootfs = isRecord(document.rootfs) ? document.rootfs : {}
  const diffIds = Array.isArray(rootfs.diff_ids) ? rootfs.diff_ids.filter(isDigest) : []
  const history = Array.isArray(document.history) ? document.history.filter(isRecord).map(readHistory) : []
  return deepFreeze(readConfigFields(document, { labels: fields, diffIds, history }))
}

/**
 * The same view of a schema 1 manifest as `parseImageConfig` gives of a configuration: the leaf's `v1Compatibility`
 * is the configuration, and each layer's is its history entry. There are no DiffIDs.
 * @throws FormatError `schema1` when an entry is not a JSON object, `config` when tools would read it in another way
 */
export function schema1Config(document: Schema1Document): ImageConfig {
  const entries = document.layers.map((layer) => parseV1Compatibility(layer.v1Compatibility))
  const leaf = entries.at(-1) ?? {}
  const labels = isRecord(leaf.config) && isRecord(leaf.config.Labels) ? Object.entries(leaf.config.Labels) : []
  const config = readConfigFields(leaf, { labels, diffIds: [], history: entries.map(readStep) })
  return deepFreeze({
    ...config,
    // Images from before Docker ran on anything else say neither.
    os: text(leaf.os) ?? 'linux',
    architecture: (text(leaf.architecture) ?? document.architecture) || 'unknown',
  })
}

/** Where the image runs, of all that its config says. */
export function configPlatform({ os, architecture, variant, osVersion }: ImageConfig): Platform {
  return { os, architecture, ...(variant && { variant }), ...(osVersion && { osVersion }) }
}

/** @throws FormatError `schema1` */
export function parseV1Compatibility(v1Compatibility: string): Record<string, unknown> {
  const value = parseJson(Buffer.from(v1Compatibility))
  if (!isRecord(value)) throw new FormatError('schema1', v1Compatibility, 'a JSON object in v1Compatibility')
  return value
}

function readStep(entry: Record<string, unknown>): BuildHistoryEntry {
  const built = isRecord(entry.container_config) ? list(entry.container_config.Cmd) : undefined
  return {
    emptyLayer: entry.throwaway === true,
    ...present({
      created: recordedTime(entry.created),
      createdBy: text(built?.join(' ')),
      author: text(entry.author),
      comment: text(entry.comment),
    }),
  }
}

const FIELDS = fieldNames('os', 'architecture', 'variant', 'created', 'author', 'config', 'rootfs', 'history')
const RUN_FIELDS = fieldNames(
  ...['Env', 'Entrypoint', 'Cmd', 'Labels', 'User', 'WorkingDir', 'ExposedPorts', 'Volumes', 'OnBuild', 'Shell'],
  ...['StopSignal', 'Healthcheck'],
)

/** The fields that an image configuration and a schema 1 `v1Compatibility` have in common. */
function readConfigFields(
  document: Record<string, unknown>,
  {
    labels,
    diffIds,
    history,
  }: {
    readonly labels: Iterable<readonly [string, unknown]>
    readonly diffIds: readonly Digest[]
    readonly history: readonly BuildHistoryEntry[]
  },
): ImageConfig {
  const config = isRecord(document.config) ? document.config : {}
  refuseLookalikes(document, FIELDS, 'config')
  refuseLookalikes(config, RUN_FIELDS, 'config')
  return {
    os: text(document.os) ?? 'unknown',
    architecture: text(document.architecture) ?? 'unknown',
    env: list(config.Env) ?? [],
    exposedPorts: keys(config.ExposedPorts),
    volumes: keys(config.Volumes),
    onBuild: list(config.OnBuild) ?? [],
    ...readLabels(labels),
    diffIds,
    history,
    ...present({
      created: recordedTime(document.created),
      author: text(document.author),
      variant: text(document.variant),
      osVersion: text(document['os.version']),
      user: text(config.User),
      workingDir: text(config.WorkingDir),
      stopSignal: text(config.StopSignal),
      entrypoint: list(config.Entrypoint),
      cmd: list(config.Cmd),
      shell: list(config.Shell),
      healthcheck: readHealthcheck(config.Healthcheck),
    }),
  }
}

function readLabels(fields: Iterable<readonly [string, unknown]>): Pick<ImageConfig, 'labels' | 'labelTypes'> {
  const labels = new Map<string, string>()
  const labelTypes = new Map<string, 'number' | 'boolean'>()
  for (const [key, value] of fields) {
    const found = nullAsText(value)
    const type = typeof found
    if (type !== 'string' && type !== 'number' && type !== 'boolean') continue
    labels.set(key, String(found))
    if (type !== 'string') labelTypes.set(key, type)
  }
  return { labels, ...(labelTypes.size > 0 && { labelTypes }) }
}

function readHistory(entry: Record<string, unknown>): BuildHistoryEntry {
  const [created, createdBy] = [recordedTime(entry.created), text(entry.created_by)]
  const [author, comment] = [text(entry.author), text(entry.comment)]
  // There may be tens of thousands.
  return {
    emptyLayer: entry.empty_layer === true,
    ...(created && { created }),
    ...(createdBy && { createdBy }),
    ...(author && { author }),
    ...(comment && { comment }),
  }
}

function readHealthcheck(value: unknown): Healthcheck | undefined {
  if (!isRecord(value)) return undefined
  return {
    test: list(value.Test) ?? [],
    ...present({
      interval: number(value.Interval),
      timeout: number(value.Timeout),
      startPeriod: number(value.StartPeriod),
      retries: number(value.Retries),
    }),
  }
}

/** Drops the properties that are undefined, so that a view has only what the document says. */
function present<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** The string, unless it is empty: Go writes `""` for what is not set. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && value !== 0 ? value : undefined
}

/** Very old builders write a command as one string. */
function list(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string' && value !== '') return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

function keys(value: unknown): readonly string[] {
  return isRecord(value) ? Object.keys(value) : []
}
