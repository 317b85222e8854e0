import type { ComponentProps } from 'react'
import { basePath } from '@/lib/routes/base-path'

/**
 * A link in a table of many rows. Plain, because rendering a router link takes as long as rendering the rest of a row;
 * `useRowLinks` on an element around it follows it without a reload.
 */
export function RowLink({ href, ...props }: ComponentProps<'a'> & { href: string }) {
  return <a href={basePath + href} {...props} />
}
