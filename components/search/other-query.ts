/**
 * What somebody may have meant whose query finds nothing: a pasted reference, or a platform by its architecture alone.
 * @param registries names that a reference may begin with
 */
export function otherQuery(text: string, registries: readonly string[]): string | undefined {
  return platformQuery(text) ?? referenceQuery(text.trim(), registries)
}

const REFERENCE = /^([a-z0-9][a-z0-9._/-]*):([A-Za-z0-9_][\w.-]*)$/

function referenceQuery(text: string, registries: readonly string[]): string | undefined {
  const [, path = '', tag] = REFERENCE.exec(text) ?? []
  if (tag === undefined) return undefined
  const [first = '', ...rest] = path.split('/')
  const isRegistry = rest.length > 0 && registries.includes(first)
  const name = isRegistry ? rest.join('/') : path
  const repository = isRegistry || name.includes('/') ? name : `**/${name}`
  return `${isRegistry ? `registry:${first} ` : ''}repo:${repository} tag:${tag}`
}

function platformQuery(text: string): string | undefined {
  const other = text.replaceAll(/(^|[\s(-])platform:([a-z0-9_]+)(?=$|[\s)])/gi, '$1platform:*/$2')
  return other === text ? undefined : other
}
