import NextLink from 'next/link'
import type { ComponentProps } from 'react'

/** A link that fetches nothing before it is followed: a page of 100 tags must not ask the registry for 100 manifests. */
export function Link({ prefetch = false, ...props }: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={prefetch} {...props} />
}
