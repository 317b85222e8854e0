/** The grammar of names in the distribution specification, for what is being typed: the server parses them again. */
export const REPOSITORY_NAME =
  /^(?=.{1,255}$)[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
export const TAG_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
