export interface CheckTarget {
  readonly registry: string
  readonly repository: string
  readonly selector: string
  readonly digest: string
}
