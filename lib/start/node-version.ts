const LEAST = 24

/** Ends the process under a Node that lacks what Lading needs, before anything fails with a cryptic message. */
export function assertNodeVersion(version = process.versions.node): void {
  const problem = nodeVersionProblem(version)
  if (problem === undefined) return
  console.error(`Lading cannot start. ${problem}`)
  process.exit(1)
}

export function nodeVersionProblem(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= LEAST) return undefined
  return `It needs Node ${LEAST} or later, and this is Node ${version}. \`npm ci\` installs the right one: start with npm start, or with node_modules/.bin/node.`
}
