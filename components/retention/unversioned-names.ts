import type { PolicySimulation } from '@/lib/data/retention/simulate-policy'
import { formatCount } from '@/lib/format/bytes'

/** `latest, stable and 7 more`; a name may be that of tags in several repositories. */
export function unversionedNames({ going, names }: PolicySimulation['unversioned']): string {
  if (going > names.length) return `${names.join(', ')} and ${formatCount(going - names.length)} more`
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
