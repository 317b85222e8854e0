import type { NamedChange } from '@/lib/data/manifest/read-diff'
import { ChangeTable } from './change-table'

interface PackageChangesProps {
  packages: Promise<readonly NamedChange[] | undefined>
  onlyChanges: boolean
  page: number
  hrefOf: (page: number) => string
}

/** Packages of both SBOMs; nothing unless both images have one. */
export async function PackageChanges({ packages, onlyChanges, page, hrefOf }: PackageChangesProps) {
  const rows = await packages
  if (!rows) return null
  return (
    <ChangeTable
      title="Packages in the SBOMs"
      rows={rows.map((row) => ({ ...row, key: row.name }))}
      onlyChanges={onlyChanges}
      page={page}
      hrefOf={hrefOf}
    />
  )
}
