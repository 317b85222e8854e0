/** What a link says after its `?`: what is undefined or empty is left out. */
export type LinkQuery = Readonly<Record<string, string | number | undefined>>
