export interface PullCommand {
  /** The tool's own name: `docker`. */
  readonly tool: string
  readonly byTag?: string
  readonly byDigest?: string
}

interface PullTarget {
  /** Host and optional port, as the tools name the registry; or the folder of an OCI layout that no host serves. */
  readonly from: { readonly host: string } | { readonly layout: string }
  readonly repository: string
  /** The tag or digest that the page was asked for. */
  readonly selector: string
  readonly digest: string
  /** As `describeArtifact` names it. */
  readonly artifact: string
}

const IMAGE_TOOLS: readonly (readonly [tool: string, command: (reference: string) => string])[] = [
  ['docker', (reference) => `docker pull ${reference}`],
  ['podman', (reference) => `podman pull ${reference}`],
  ['nerdctl', (reference) => `nerdctl pull ${reference}`],
  ['skopeo', (reference) => `skopeo inspect docker://${reference}`],
  ['crane', (reference) => `crane pull ${reference} image.tar`],
]

/** What to type to get an image, or the artifact that it is, by tag and by digest. All but a folder is from a parsed grammar and needs no quoting. */
export function pullCommands({ from, repository, selector, digest, artifact }: PullTarget): PullCommand[] {
  const tag = selector.includes(':') ? undefined : selector
  if ('layout' in from) return layoutCommands(from.layout, repository, tag)
  const name = `${from.host}/${repository}`
  const commands = (tools: typeof IMAGE_TOOLS) =>
    tools.map(([tool, command]) => ({
      tool,
      ...(tag && { byTag: command(`${name}:${tag}`) }),
      byDigest: command(`${name}@${digest}`),
    }))
  if (artifact === 'image' || artifact === 'index' || artifact === 'schema1') return commands(IMAGE_TOOLS)
  const oras = commands([
    ['oras', (reference) => `oras pull ${reference}`],
    ['crane', (reference) => `crane manifest ${reference}`],
  ])
  if (artifact !== 'helm') return oras
  const helm = `helm pull oci://${name}`
  return [
    {
      tool: 'helm',
      ...(tag && { byTag: `${helm} --version ${tag.replaceAll('_', '+')}` }),
      byDigest: `${helm}@${digest}`,
    },
    ...oras,
  ]
}

/** Tools address an image in a layout by its name only, so that without a tag there is none to copy. */
function layoutCommands(folder: string, repository: string, tag: string | undefined): PullCommand[] {
  if (!tag) return []
  const source = quote(`oci:${folder}:${repository}:${tag}`)
  return [
    { tool: 'skopeo', byTag: `skopeo copy ${source} oci-archive:image.tar` },
    { tool: 'podman', byTag: `podman pull ${source}` },
  ]
}

function quote(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
