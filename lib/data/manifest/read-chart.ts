import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { ChartMetadata } from '../../image/chart/chart-metadata.ts'
import { type ChartFile, isChart, readChart } from '../../image/chart/read-chart.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { RegistryError } from '../../registry/errors.ts'
import { openRepository } from '../registries/open.ts'

export interface ChartView {
  readonly metadata: ChartMetadata
  /** The paths of all files, in order of interest: values, README, templates, others, subcharts. */
  readonly files: readonly { readonly path: string; readonly size: number }[]
  readonly isCut: boolean
  readonly isSigned: boolean
  /** The requested one, else the first. */
  readonly shown?: ChartFile
}

/** A Helm chart, with the text of one of its files. @throws RegistryError, FormatError, AccessError */
export async function readChartView(
  actor: Actor,
  place: Place,
  digest: Digest,
  path: string | null | undefined,
): Promise<ChartView> {
  const repository = openRepository(actor, 'browse', place)
  const manifest = await repository.manifest(digest)
  if (!isChart(manifest)) throw new RegistryError('unsupported', `${digest} isn’t a Helm chart`)
  const { metadata, files, isCut, isSigned } = await readChart(repository, manifest)
  const ordered = files.toSorted((a, b) => rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1))
  const shown = ordered.find((file) => file.path === path) ?? ordered[0]
  return {
    metadata,
    files: ordered.map(({ path, size }) => ({ path, size })),
    isCut,
    isSigned,
    ...(shown && { shown }),
  }
}

const ORDER = [/^values\.yaml$/, /^README(?:\.\w+)?$/i, /^Chart\.yaml$/, /^templates\//, /^(?!charts\/)/]

function rank(path: string): number {
  const place = ORDER.findIndex((pattern) => pattern.test(path))
  return place < 0 ? ORDER.length : place
}
