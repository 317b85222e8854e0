import type { Digest } from '../digest.ts'

/** A parsed Docker schema 1 manifest. Layers are reversed to base → leaf, the order of every other kind. */
export interface Schema1Document {
  readonly name: string
  readonly tag: string
  readonly architecture: string
  /** Base → leaf, each with the raw `v1Compatibility` text that made it. */
  readonly layers: readonly { readonly digest: Digest; readonly v1Compatibility: string }[]
  /** How many signatures the document carries; see `verifySchema1` for their verdicts. */
  readonly signatures: number
}
