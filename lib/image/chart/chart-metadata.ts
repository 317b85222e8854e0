import { isRecord } from '../../oci/descriptor.ts'

/** The content of Chart.yaml (Helm, "The Chart.yaml File"); texts are unchanged. */
export interface ChartMetadata {
  readonly name?: string
  readonly version?: string
  readonly appVersion?: string
  readonly description?: string
  /** `application` or `library`. */
  readonly type?: string
  readonly apiVersion?: string
  /** The versions of Kubernetes that it runs on. */
  readonly kubeVersion?: string
  readonly home?: string
  readonly icon?: string
  readonly isDeprecated: boolean
  readonly sources: readonly string[]
  readonly keywords: readonly string[]
  readonly maintainers: readonly ChartMaintainer[]
  readonly dependencies: readonly ChartDependency[]
  readonly annotations: readonly (readonly [key: string, value: string])[]
}

export interface ChartMaintainer {
  readonly name: string
  readonly email?: string
  readonly url?: string
}

export interface ChartDependency {
  readonly name: string
  readonly version?: string
  readonly repository?: string
  readonly condition?: string
  readonly alias?: string
}

const MAX_ROWS = 500

/** Reads the config that Helm stores for a chart. Undefined where it isn't an object. */
export function chartMetadata(document: unknown): ChartMetadata | undefined {
  if (!isRecord(document)) return undefined
  const { annotations } = document
  return {
    ...texts(
      document,
      'name',
      'version',
      'appVersion',
      'description',
      'type',
      'apiVersion',
      'kubeVersion',
      'home',
      'icon',
    ),
    isDeprecated: document.deprecated === true,
    sources: textsIn(document.sources),
    keywords: textsIn(document.keywords),
    maintainers: rows(document.maintainers).map((each) => ({ name: '', ...texts(each, 'name', 'email', 'url') })),
    dependencies: rows(document.dependencies).map((each) => ({
      name: '',
      ...texts(each, 'name', 'version', 'repository', 'condition', 'alias'),
    })),
    annotations: Object.entries(isRecord(annotations) ? annotations : {})
      .slice(0, MAX_ROWS)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  }
}

function texts<Name extends string>(from: Record<string, unknown>, ...names: Name[]): { [N in Name]?: string } {
  const found: { [N in Name]?: string } = {}
  for (const name of names) {
    const value = from[name]
    if (typeof value === 'string' && value !== '') found[name] = value
  }
  return found
}

function textsIn(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).filter((each) => typeof each === 'string').slice(0, MAX_ROWS)
}

function rows(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : []).filter(isRecord).slice(0, MAX_ROWS)
}
