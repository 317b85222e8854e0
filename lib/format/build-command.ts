/** A history entry as it stood in the Dockerfile: the shell and the markers that builders put around it are left off. */
export function buildCommand(createdBy: string): string {
  return createdBy
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/^(?:\|\d+ (?:\S+=\S* ?)*)?\/bin\/sh -c /, 'RUN ')
    .replace(/^RUN (?:\|\d+ (?:\S+=\S* ?)*)?\/bin\/sh -c /, 'RUN ')
    .replace(/\s+# buildkit$/, '')
    .trim()
}
