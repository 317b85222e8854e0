import type { ManifestView } from '@/lib/data/manifest/manifest-view'

/** Whether it has layers, which are compressed: so does an image whose config couldn’t be read. */
export function isImage({ config, configProblem }: Pick<ManifestView, 'config' | 'configProblem'>): boolean {
  return config !== undefined || configProblem !== undefined
}
