import type { LucideIcon } from 'lucide-react'

/** What the palette lists. */
export interface PaletteItem {
  readonly key: string
  readonly label: string
  /** Where it is: the registry of each repository and tag. */
  readonly hint?: string
  readonly icon: LucideIcon
  /** Tab lists its tags: what the field then holds. */
  readonly complete?: string
  readonly target: { readonly href: string } | { readonly run: () => void }
}
