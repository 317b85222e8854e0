export interface PullCommand {
  /** The tool's own name: `docker`. */
  readonly tool: string
  readonly byTag?: string
  readonly byDigest?: string
  /** What has to be set up before it works. */
  readonly note?: string
}

/** Where an image comes from, as tools name it. */
export type PullSource =
  | { readonly host: string /** It speaks HTTP, without TLS. */; readonly isPlainHttp?: boolean }
  | {
      /** The folder of an OCI layout that no host serves. */
      readonly layout: string
      /** What the layout itself calls the tag: `''` for its one image without a name; absent where no tool can name it. */
      readonly name?: string
    }

interface PullTarget {
  readonly from: PullSource
  readonly repository: string
  /** The tag or digest that the page was asked for. */
  readonly selector: string
  readonly digest: string
  /** As `describeArtifact` names it. */
  readonly artifact: string
  /** Of an artifact: it has files with names. `oras pull` passes over all others, and over an index. */
  readonly hasNamedFiles?: boolean
}

type Tool = readonly [tool: string, command: (reference: string, isPlainHttp: boolean) => string]

const flag = (isPlainHttp: boolean, name: string) => (isPlainHttp ? ` ${name}` : '')

const IMAGE_TOOLS: readonly Tool[] = [
  ['docker', (reference) => `docker pull ${reference}`],
  ['podman', (reference, http) => `podman pull${flag(http, '--tls-verify=false')} ${reference}`],
  ['nerdctl', (reference, http) => `nerdctl pull${flag(http, '--insecure-registry')} ${reference}`],
  ['skopeo', (reference, http) => `skopeo inspect${flag(http, '--tls-verify=false')} docker://${reference}`],
  ['crane', (reference, http) => `crane pull${flag(http, '--insecure')} ${reference} image.tar`],
]
const ORAS_PULL: Tool = ['oras', (reference, http) => `oras pull${flag(http, '--plain-http')} ${reference}`]
const ORAS_COPY: Tool = [
  'oras',
  (reference, http) => `oras copy${flag(http, '--from-plain-http')} ${reference} --to-oci-layout artifact:copy`,
]
const CRANE_MANIFEST: Tool = ['crane', (reference, http) => `crane manifest${flag(http, '--insecure')} ${reference}`]

/** What to type to get an image, or the artifact that it is, by tag and by digest. All but a folder is from a parsed grammar and needs no quoting. */
export function pullCommands({
  from,
  repository,
  selector,
  digest,
  artifact,
  hasNamedFiles = false,
}: PullTarget): PullCommand[] {
  const tag = selector.includes(':') ? undefined : selector
  if ('layout' in from) return layoutCommands(from, repository, tag)
  const { host, isPlainHttp = false } = from
  const name = `${host}/${repository}`
  const commands = (tools: readonly Tool[]) =>
    tools.map(([tool, command]) => ({
      tool,
      ...(tag && { byTag: command(`${name}:${tag}`, isPlainHttp) }),
      byDigest: command(`${name}@${digest}`, isPlainHttp),
      ...(tool === 'docker' && isPlainHttp && !isLoopback(host) && { note: insecureRegistry(host) }),
    }))
  if (artifact === 'image' || artifact === 'index' || artifact === 'schema1') return commands(IMAGE_TOOLS)
  const oras = commands([hasNamedFiles ? ORAS_PULL : ORAS_COPY, CRANE_MANIFEST])
  if (artifact !== 'helm') return oras
  const helm = `helm pull${flag(isPlainHttp, '--plain-http')} oci://${name}`
  return [
    {
      tool: 'helm',
      ...(tag && { byTag: `${helm} --version ${tag.replaceAll('_', '+')}` }),
      byDigest: `${helm}@${digest}`,
    },
    ...oras,
  ]
}

/** Tools address an image in a layout by the name in `index.json` only, and split the folder from it at a colon. */
function layoutCommands(
  { layout, name }: { readonly layout: string; readonly name?: string },
  repository: string,
  tag: string | undefined,
): PullCommand[] {
  if (name === undefined || !tag || layout.includes(':')) return []
  const source = quote(name === '' ? `oci:${layout}` : `oci:${layout}:${name}`)
  return [
    { tool: 'skopeo', byTag: `skopeo copy ${source} oci-archive:image.tar` },
    // podman pull names the image after the folder, and refuses one with capital letters.
    { tool: 'podman', byTag: `skopeo copy ${source} containers-storage:localhost/${repository}:${tag}` },
  ]
}

/** Docker uses HTTP for these by default. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host)
}

function insecureRegistry(host: string): string {
  return `This registry speaks plain HTTP: add "insecure-registries": ["${host}"] to Docker’s daemon.json first.`
}

function quote(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
