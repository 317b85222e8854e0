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

/** Of the entries with one key the first, where it stands: what is found later moves nothing under the pointer. */
export function firstOfEach<T extends Pick<PaletteItem, 'key'>>(items: readonly T[]): readonly T[] {
  return [...Map.groupBy(items, ({ key }) => key).values()].flatMap(([first]) => first ?? [])
}
