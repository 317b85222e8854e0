/**
 * What names are filtered by, always without regard to case. `words`: each is somewhere in the name. `glob`: the whole name,
 * `*` within a segment, `**` across them, `?` one character. `pattern`: a regular expression in RE2's syntax, found
 * anywhere in the name. `anyOf`: exactly these names, as a query found them. All take time linear in the name.
 */
export type NameFilter =
  | { readonly words: readonly string[] }
  | { readonly glob: string }
  | { readonly pattern: string }
  | { readonly anyOf: readonly string[] }
