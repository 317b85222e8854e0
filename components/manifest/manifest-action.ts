import { Copy, type LucideIcon, ShieldCheck, Tag, Trash2 } from 'lucide-react'
import type { ManifestTarget } from '@/components/change/manifest-target'
import { notYours } from '@/lib/problem/access-problem'
import { isDigestSelector } from '@/lib/routes/selector'

/** What a manifest's page offers to do in a dialog. */
export interface ManifestAction {
  readonly dialog: 'check' | 'copy' | 'retag' | 'delete'
  readonly label: string
  readonly icon: LucideIcon
  readonly isDangerous?: boolean
  /** Its name in the palette. */
  readonly palette?: string
  /** Why the visitor can't do it. */
  readonly why?: string
}

/**
 * In order. What the visitor may not do is left out, unless a change that goes with it is allowed.
 * @param refusal why nothing can be changed now
 */
export function manifestActions({ selector, may }: ManifestTarget, refusal?: string): readonly ManifestAction[] {
  const name = isDigestSelector(selector) ? 'this image' : selector
  const mayEither = may.retag || may.delete
  return [
    { dialog: 'check', label: 'Check', icon: ShieldCheck },
    ...(may.copy
      ? [{ dialog: 'copy', label: 'Copy to', icon: Copy, ...offered(`Copy ${name} to…`, refusal) } as const]
      : []),
    ...(mayEither
      ? [
          {
            dialog: 'retag',
            label: 'Retag',
            icon: Tag,
            ...offered(`Retag ${name}…`, may.retag ? refusal : notYours('retagging')),
          } as const,
          {
            dialog: 'delete',
            label: 'Delete',
            icon: Trash2,
            isDangerous: true,
            ...offered(`Delete ${name}…`, may.delete ? refusal : notYours('deleting')),
          } as const,
        ]
      : []),
  ]
}

function offered(palette: string, why: string | undefined): Pick<ManifestAction, 'palette' | 'why'> {
  return why === undefined ? { palette } : { why }
}
