import { FormatError, type FormatErrorCode } from './format-error.ts'

/** Names of fields by how Go's decoder compares them. */
export type FieldNames = ReadonlyMap<string, string>

export function fieldNames(...names: readonly string[]): FieldNames {
  return new Map(names.map((name) => [fold(name), name]))
}

/**
 * Refuses a field that is one of `names` in other letters. Go's decoder, which most tools are built with, takes
 * `Layers` and `layerſ` for `layers`, and of two such fields the last: what is shown here would be another thing than
 * what is pulled.
 * @throws FormatError with the given code
 */
export function refuseLookalikes(document: Record<string, unknown>, names: FieldNames, code: FormatErrorCode): void {
  for (const key of Object.keys(document)) {
    const name = names.get(fold(key))
    if (name !== undefined && name !== key)
      throw new FormatError(code, key, `field names written as the specification has them, as ${name}`)
  }
}

/** Upper case first: `ſ` and `K` are other ways to write `s` and `k` in that direction alone. */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase()
}
