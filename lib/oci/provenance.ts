import { isRecord } from './descriptor.ts'
import { recordedTime } from './recorded-time.ts'

/** How something was built, as its builder states it (SLSA provenance v0.2 and v1). */
export interface Provenance {
  readonly builder?: string
  readonly buildType?: string
  /** Where the source came from: `git+https://…@refs/heads/main`. */
  readonly source?: string
  readonly commit?: string
  /** The file that says how to build it: a workflow, a Dockerfile. */
  readonly entryPoint?: string
  /** ISO times. */
  readonly started?: string
  readonly finished?: string
  readonly invocation?: string
  /** What went into it, in the order of the document. */
  readonly materials: readonly Material[]
}

export interface Material {
  readonly uri: string
  /** `sha256:…` */
  readonly digest?: string
}

/** Undefined for a predicate of another type. */
export function parseProvenance(predicateType: string, predicate: unknown): Provenance | undefined {
  if (!isRecord(predicate)) return undefined
  if (/^https:\/\/slsa\.dev\/provenance\/v0\.[12]$/.test(predicateType)) return parseV02(predicate)
  if (/^https:\/\/slsa\.dev\/provenance\/v1(?:\.\d+)?$/.test(predicateType)) return parseV1(predicate)
  return undefined
}

function parseV02(predicate: Record<string, unknown>): Provenance {
  const { builder, buildType, invocation, metadata, materials } = predicate
  const { configSource } = record(invocation)
  const { uri, digest, entryPoint } = record(configSource)
  const { buildStartedOn, buildFinishedOn, buildInvocationID } = record(metadata)
  // BuildKit's own: for a build of a local folder, the only word about its source.
  const vcs = record(record(record(metadata)['https://mobyproject.org/buildkit@v1#metadata']).vcs)
  return compact({
    builder: text(record(builder).id),
    buildType: text(buildType),
    source: text(uri) ?? text(vcs.source),
    commit: commitIn(digest) ?? text(vcs.revision),
    entryPoint: text(entryPoint),
    started: time(buildStartedOn),
    finished: time(buildFinishedOn),
    invocation: text(buildInvocationID),
    materials: materialsOf(materials),
  })
}

function parseV1({ buildDefinition, runDetails }: Record<string, unknown>): Provenance {
  const { buildType, externalParameters, resolvedDependencies } = record(buildDefinition)
  const { builder, metadata } = record(runDetails)
  const { workflow, source, configSource } = record(externalParameters)
  const { startedOn, finishedOn, invocationId, buildkit_metadata: buildkit } = record(metadata)
  const vcs = record(record(buildkit).vcs)
  const { repository, ref, path } = record(workflow)
  const named = text(repository) && `${repository}${text(ref) ? `@${ref}` : ''}`
  const from = text(source) ?? text(record(source).uri) ?? text(record(configSource).uri)
  const built = list(resolvedDependencies).find((each) => commitIn(each.digest) !== undefined)
  return compact({
    builder: text(record(builder).id),
    buildType: text(buildType),
    source: named ?? from ?? text(vcs.source) ?? text(built?.uri),
    commit:
      commitIn(record(source).digest) ??
      commitIn(record(configSource).digest) ??
      text(vcs.revision) ??
      commitIn(built?.digest),
    entryPoint: text(path) ?? text(record(configSource).path),
    started: time(startedOn),
    finished: time(finishedOn),
    invocation: text(invocationId),
    materials: materialsOf(resolvedDependencies),
  })
}

function materialsOf(materials: unknown): Material[] {
  return list(materials).map(({ uri, name, digest }) => {
    const [algorithm, hex] = Object.entries(record(digest))[0] ?? []
    const found = algorithm && text(hex) ? `${algorithm}:${hex}` : undefined
    return { uri: text(uri) ?? text(name) ?? '', ...(found && { digest: found }) }
  })
}

/** in-toto, "DigestSet": `gitCommit`, or as builders write it, `sha1`. */
function commitIn(digest: unknown): string | undefined {
  const { gitCommit, sha1 } = record(digest)
  return text(gitCommit) ?? text(sha1)
}

function compact(provenance: { [K in keyof Provenance]: Provenance[K] | undefined } & Pick<Provenance, 'materials'>) {
  const known = Object.entries(provenance).filter(([, value]) => value !== undefined)
  return { materials: provenance.materials, ...Object.fromEntries(known) }
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function time(value: unknown): string | undefined {
  return recordedTime(text(value))
}
