/** distribution-spec, "Pulling manifests": the grammar of `<name>`; 255 bytes is the limit of the reference implementation. */
export const REPOSITORY_NAME =
  /^(?=.{1,255}$)[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
/** The grammar of a tag in `<reference>`. */
export const TAG_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
