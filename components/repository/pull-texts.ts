import { type PullSource, pullCommands } from '@/lib/format/pull-commands'
import { ARTIFACT_TITLES } from '@/lib/oci/artifact-titles'

export interface PulledRow {
  readonly tag: string
  readonly digest: string
  readonly artifact?: string | undefined
}

/** What pulls a row of the table with the tool that most people have. */
export function pullTexts(
  from: PullSource | undefined,
  repository: string,
  row: PulledRow,
): { readonly byTag?: string | undefined; readonly byDigest?: string | undefined } {
  if (!from) return {}
  const artifact = row.artifact === undefined ? 'image' : row.artifact === ARTIFACT_TITLES.helm ? 'helm' : 'artifact'
  const [first] = pullCommands({ from, repository, selector: row.tag, digest: row.digest, artifact })
  return { byTag: first?.byTag, byDigest: first?.byDigest }
}
