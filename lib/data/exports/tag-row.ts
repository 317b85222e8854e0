import type { ListedTag } from '../../catalog/database/every-tag.ts'
import type { RepositoryOwners } from '../policy/repository-owners.ts'
import type { ExportRow } from './export-text.ts'

export const TAG_COLUMNS = [
  'registry',
  'repository',
  'tag',
  'digest',
  'type',
  'matching platforms',
  'platforms',
  'created',
  'moved',
  'size',
]

/** Whose the repository is by the policies; empty where its images don’t say. */
export const OWNER_COLUMN = 'owner'

export function labelColumn(key: string): string {
  return `label:${key}`
}

/** A tag that a search finds, as a row of its export. @param owners absent where no policy says how they are found */
export function exportRow(found: ListedTag, keys: readonly string[], owners?: RepositoryOwners): ExportRow {
  const { registry, repository, tag, digest, type, created, movedAt, size, images, matching, labels } = found
  return {
    registry,
    repository,
    tag,
    digest,
    type,
    'matching platforms': matching.map((platform) => platform ?? 'unknown'),
    platforms: images,
    created: timeOf(created),
    moved: timeOf(movedAt),
    size: size ?? null,
    ...(owners && { [OWNER_COLUMN]: owners.flatMap(({ name }) => name ?? []) }),
    ...Object.fromEntries(
      keys.map((key) => [labelColumn(key), labels.filter((label) => label.key === key).map(({ value }) => value)]),
    ),
  }
}

function timeOf(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString()
}
