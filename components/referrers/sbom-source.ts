export interface SbomSource {
  readonly registry: string
  readonly repository: string
  readonly digest: string
}
